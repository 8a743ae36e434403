package io.mapwright.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KnownPairsTest {
  private final AtomicInteger checks = new AtomicInteger();
  private final KeyPair one = pair();
  private final KeyPair other = pair();
  private final KnownPairs pairs =
      new KnownPairs(
          2,
          (key, certified) -> {
            checks.incrementAndGet();
            return key.equals(one.getPrivate()) && certified.equals(one.getPublic());
          });

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void eachCombinationIsCheckedOnce() {
    for (var i = 0; i < 3; i++) {
      assertThat(pairs.match(one.getPrivate(), one.getPublic())).isTrue();
      assertThat(pairs.match(one.getPrivate(), other.getPublic())).isFalse();
    }
    assertThat(checks).hasValue(2);
  }

  @Test
  void theOneAskedForLongestAgoIsForgotten() {
    pairs.match(one.getPrivate(), one.getPublic());
    pairs.match(one.getPrivate(), other.getPublic());
    pairs.match(one.getPrivate(), one.getPublic());
    pairs.match(other.getPrivate(), other.getPublic());
    assertThat(checks).hasValue(3);
    pairs.match(one.getPrivate(), one.getPublic());
    assertThat(checks).hasValue(3);
    pairs.match(one.getPrivate(), other.getPublic());
    assertThat(checks).hasValue(4);
  }
}
