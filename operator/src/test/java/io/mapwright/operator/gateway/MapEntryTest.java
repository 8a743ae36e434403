package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapEntryTest {
  private static final String DIGEST = "A".repeat(64);
  private static final RequestRate LIMIT = new RequestRate(50, 200, 5);

  private static KeyEntry key(
      String digest, String id, Optional<String> origins, boolean credentials) {
    return new KeyEntry(
        digest,
        id,
        id,
        Set.of(Scope.STYLES, Scope.TILES),
        OptionalLong.of(1_900_000_000),
        LIMIT,
        origins,
        true,
        credentials);
  }

  @Test
  void keyBecomesOneLine() {
    assertThat(key(DIGEST, "k123", Optional.of("web"), true).toMapEntry().line())
        .isEqualTo(DIGEST + " k123|3|1900000000|200|500|50|web|mc|k123");
    assertThat(key(DIGEST, "k123", Optional.empty(), false).toMapEntry().value())
        .endsWith("|*|m-|k123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"k1", "K123", "k123|x", "k 123", "k123\nx", "k123\"", "", "k-123"})
  void keyIdsThatCouldInjectAreRefused(String id) {
    assertThatThrownBy(() -> key(DIGEST, id, Optional.empty(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "AAAA\nBBBB", "not-hex"})
  void digestsAreExactlySixtyFourDigits(String digest) {
    assertThatThrownBy(() -> key(digest, "k123", Optional.empty(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "+", "a b", "a|b", "a\nb", "", "-", "a;b"})
  void originSetNamesThatCouldInjectAreRefused(String set) {
    assertThatThrownBy(() -> key(DIGEST, "k123", Optional.of(set), false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OriginEntry(set, AllowedOrigin.parse("https://a.example")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void credentialsNeedOrigins() {
    assertThatThrownBy(() -> key(DIGEST, "k123", Optional.empty(), true))
        .hasMessageContaining("credentials need an origin set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nb", "a\\b", "a;b", "", "\u00e9", "a\u0000"})
  void entriesAreTwoPlainWords(String text) {
    assertThatThrownBy(() -> new MapEntry(GatewayMap.META, text, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MapEntry(GatewayMap.META, "x", text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sessionKeysNeverPrint() {
    var entry = SessionKeyEntry.of(SessionKeyEntry.Slot.CURRENT, new byte[32]);
    assertThat(entry.toString()).doesNotContain("AAAA");
    assertThat(entry.toMapEntry().toString()).doesNotContain("AAAA");
    assertThat(entry.toMapEntry().line()).startsWith("current AAAA");
    assertThatThrownBy(() -> SessionKeyEntry.of(SessionKeyEntry.Slot.CURRENT, new byte[31]))
        .hasMessageContaining("32 bytes");
  }

  @Test
  void metaEntriesAreBounded() {
    assertThat(MetaEntry.ready(1).toMapEntry().line()).isEqualTo("ready 1");
    assertThat(MetaEntry.generation(12).toMapEntry().line()).isEqualTo("generation 12");
    assertThat(MetaEntry.trusted(java.time.Instant.EPOCH).toMapEntry().line())
        .isEqualTo("trusted 0");
    assertThat(MetaEntry.maxAge(java.time.Duration.ofDays(1)).toMapEntry().line())
        .isEqualTo("max_age 86400");
    assertThatThrownBy(() -> MetaEntry.table("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void gatewaysAreAddresses() {
    assertThat(MetaEntry.gateways("-").toMapEntry().line()).isEqualTo("gateways -");
    assertThat(MetaEntry.gateways("10.0.0.9,fd00::1").value()).isEqualTo("10.0.0.9,fd00::1");
    assertThatThrownBy(() -> MetaEntry.gateways("10.0.0.1 x"))
        .hasMessageContaining("not a list of IP addresses");
  }

  @Test
  void limitsAreSharedWithoutRoundingToNothing() {
    assertThat(LIMIT.sharedBy(3)).isEqualTo(new RequestRate(17, 67, 2));
    assertThat(new RequestRate(1, 1, 0).sharedBy(5)).isEqualTo(new RequestRate(1, 1, 0));
  }
}
