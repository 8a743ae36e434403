package io.mapwright.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  private static final String MAP = "\ud83d\uddfa";

  @Test
  void shortTextStaysAsItIs() {
    assertThat(Excerpt.of("a " + MAP, 4)).isEqualTo("a " + MAP);
    assertThat(Excerpt.of("", 4)).isEmpty();
  }

  @Test
  void characterIsNotCutInHalf() {
    assertThat(Excerpt.of("abc" + MAP, 4)).isEqualTo("abc");
  }

  @Test
  void halfACharacterIsNoJson() {
    assertThat(Excerpt.of("a\ud83d", 9)).isEqualTo("a?");
    assertThat(Excerpt.of("\uddfab", 9)).isEqualTo("?b");
  }

  @Test
  void conditionOfTooManyWordsIsStillOne() {
    var conditions =
        new Conditions(null, 1, Instant.EPOCH)
            .isFalse(ConditionType.Ready, Reason.Refused, "x" + MAP.repeat(1 << 19));
    var message = conditions.list().getFirst().getMessage();
    assertThat(message).hasSize(1023).endsWith(MAP);
  }
}
