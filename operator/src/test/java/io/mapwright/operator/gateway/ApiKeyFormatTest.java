package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyFormatTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void mintedKeysAreWellFormedAndDiffer() {
    var key = ApiKeyFormat.mint(random);
    assertThat(key.value())
        .hasSize(ApiKeyFormat.LENGTH)
        .matches(ApiKeyFormat.REGEX)
        .startsWith("mpw_pk_");
    assertThat(ApiKeyFormat.isWellFormed(key.value())).isTrue();
    assertThat(ApiKeyFormat.mint(random).value()).isNotEqualTo(key.value());
  }

  @Test
  void checksumAndDigestAreTheStandardOnes() {
    assertThat(ApiKeyFormat.isWellFormed("mpw_pk_0000000000000000000000000000" + "ad4f3317"))
        .isTrue();
    assertThat(ApiKeyFormat.digest("abc"))
        .isEqualTo("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
  }

  @Test
  void everySingleCharacterMistakeIsNoticed() {
    var key = ApiKeyFormat.mint(random).value();
    for (int i = 0; i < key.length(); i++) {
      char other = key.charAt(i) == 'a' ? 'b' : 'a';
      assertThat(ApiKeyFormat.isWellFormed(key.substring(0, i) + other + key.substring(i + 1)))
          .as("character " + i)
          .isFalse();
    }
  }

  @Test
  void plainKeyNeverPrints() {
    var key = ApiKeyFormat.mint(random);
    assertThat(key.toString()).doesNotContain(key.value().substring(7));
    assertThatThrownBy(() -> new PlainKey("mpw_pk_x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a well-formed API key");
  }

  @Test
  void keyIdComesFromTheDigest() {
    var key = ApiKeyFormat.mint(random);
    assertThat(key.keyId()).matches("k[0-9a-f]{24}").isEqualTo(ApiKeyFormat.keyId(key.digest()));
  }
}
