package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import org.junit.jupiter.api.Test;

class OldestWinsTest {
  @Test
  void earlierObjectIsOlder() {
    var first = key("z", "2027-01-01T00:00:00Z");
    var second = key("a", "2027-01-01T00:00:01Z");
    assertThat(OldestWins.isOlder(first, second)).isTrue();
    assertThat(OldestWins.isOlder(second, first)).isFalse();
  }

  @Test
  void objectsOfOneSecondHaveAnOrderToo() {
    var a = key("a", "2027-01-01T00:00:00Z");
    var b = key("b", "2027-01-01T00:00:00Z");
    assertThat(OldestWins.isOlder(a, b)).isNotEqualTo(OldestWins.isOlder(b, a));
  }

  @Test
  void nothingIsOlderThanItself() {
    var key = key("a", "2027-01-01T00:00:00Z");
    assertThat(OldestWins.isOlder(key, key("a", "2020-01-01T00:00:00Z"))).isFalse();
  }

  private static ApiKey key(String uid, String made) {
    var key = Given.key("");
    key.getMetadata().setUid(uid);
    key.getMetadata().setCreationTimestamp(made);
    return key;
  }
}
