package io.mapwright.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant THEN = Instant.parse("2027-03-01T12:00:00.987Z");
  private static final Instant NOW = THEN.plusSeconds(60);

  private static final List<Condition> BEFORE =
      new Conditions(null, 1, THEN)
          .isTrue(ConditionType.Ready, Reason.Serving, "serving")
          .isFalse(ConditionType.TlsReady, Reason.CertificatePending, "waiting")
          .list();

  @Test
  void newConditionBeginsNowInWholeSeconds() {
    assertThat(BEFORE)
        .extracting(Condition::getLastTransitionTime)
        .containsOnly("2027-03-01T12:00:00Z");
  }

  @Test
  void transitionTimeStaysWhileTheStatusStays() {
    var now =
        new Conditions(BEFORE, 2, NOW)
            .isTrue(ConditionType.Ready, Reason.Serving, "serving still")
            .isFalse(ConditionType.TlsReady, Reason.CertificateInvalid, "another reason")
            .list();
    assertThat(now)
        .extracting(Condition::getLastTransitionTime)
        .containsOnly("2027-03-01T12:00:00Z");
    assertThat(now).extracting(Condition::getObservedGeneration).containsOnly(2L);
    assertThat(now)
        .extracting(Condition::getMessage)
        .containsExactly("serving still", "another reason");
  }

  @Test
  void transitionTimeMovesWithTheStatus() {
    var now = new Conditions(BEFORE, 1, NOW).unknown(ConditionType.Ready, Reason.Paused, "paused");
    assertThat(now.list())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.getStatus()).isEqualTo("Unknown");
          assertThat(c.getLastTransitionTime()).isEqualTo("2027-03-01T12:01:00Z");
        });
  }

  @Test
  void conditionsThatAreNotSetAnyMoreAreGone() {
    assertThat(
            new Conditions(BEFORE, 1, NOW)
                .isTrue(ConditionType.Ready, Reason.Serving, "serving")
                .list())
        .extracting(Condition::getType)
        .containsExactly("Ready");
  }

  @Test
  void orderDoesNotDependOnTheOrderOfSetting() {
    var one =
        new Conditions(BEFORE, 1, NOW)
            .isTrue(ConditionType.Applied, Reason.ObjectsApplied, "a")
            .isTrue(ConditionType.Ready, Reason.Serving, "b")
            .list();
    var other =
        new Conditions(BEFORE.reversed(), 1, NOW)
            .isTrue(ConditionType.Ready, Reason.Serving, "b")
            .isTrue(ConditionType.Applied, Reason.ObjectsApplied, "a")
            .list();
    assertThat(one).isEqualTo(other);
  }

  @Test
  void sameObservationAMinuteLaterIsEqualSoThatNothingIsWritten() {
    var again =
        new Conditions(BEFORE, 1, NOW)
            .isTrue(ConditionType.Ready, Reason.Serving, "serving")
            .isFalse(ConditionType.TlsReady, Reason.CertificatePending, "waiting");
    assertThat(again.list()).isEqualTo(BEFORE);
    assertThat(again.changed()).isEmpty();
  }

  @Test
  void lastWordCounts() {
    var conditions =
        new Conditions(null, 1, NOW)
            .isTrue(ConditionType.Accepted, Reason.SpecValid, "fine")
            .problem(new Problem(ConditionType.Accepted, Reason.HostConflict, "not fine"));
    assertThat(conditions.holds(ConditionType.Accepted)).isFalse();
    assertThat(conditions.has(ConditionType.Accepted)).isTrue();
    assertThat(conditions.has(ConditionType.Ready)).isFalse();
    assertThat(conditions.holds(ConditionType.Ready)).isFalse();
  }

  @Test
  void longMessageIsCutToWhatTheApiAdmits() {
    var condition =
        new Conditions(null, 1, NOW)
            .isTrue(ConditionType.Ready, Reason.Serving, "x".repeat(40_000))
            .list();
    assertThat(condition.getFirst().getMessage()).hasSize(1024);
  }

  @Test
  void newsAreStatusAndReasonButNotTheMessage() {
    var conditions =
        new Conditions(BEFORE, 2, NOW)
            .isTrue(ConditionType.Ready, Reason.Serving, "another message")
            .isFalse(ConditionType.TlsReady, Reason.CertificateInvalid, "another reason")
            .isTrue(ConditionType.Applied, Reason.ObjectsApplied, "new");
    assertThat(conditions.changed())
        .extracting(Condition::getType)
        .containsExactly("Applied", "TlsReady");
  }

  @Test
  void conditionIsFoundByType() {
    assertThat(Conditions.find(BEFORE, ConditionType.TlsReady)).isPresent();
    assertThat(Conditions.find(BEFORE, ConditionType.Applied)).isEmpty();
    assertThat(Conditions.find(null, ConditionType.Ready)).isEmpty();
  }
}
