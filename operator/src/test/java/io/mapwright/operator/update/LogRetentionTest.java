package io.mapwright.operator.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRetentionTest {
  private static final Instant NOW = Instant.parse("2027-03-20T12:00:00.5Z");
  private static final LogRetention TEN_DAYS =
      new LogRetention(Duration.ofDays(10), Optional.empty());

  private static Optional<Deployment> since(@Nullable String since) {
    return Optional.of(
        new DeploymentBuilder()
            .withNewSpec()
            .withNewTemplate()
            .withNewMetadata()
            .withAnnotations(since == null ? Map.of() : Map.of(Labels.LOGS_SINCE, since))
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build());
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-20T11:00:00Z, 2027-03-20T11:00:00Z, 2027-03-29T11:00:00Z",
    "2027-03-11T12:00:01Z, 2027-03-11T12:00:01Z, 2027-03-20T12:00:01Z",
    // Nine tenths are over.
    "2027-03-11T12:00:00Z, 2027-03-20T12:00:00Z, 2027-03-29T12:00:00Z",
    "2020-01-01T00:00:00Z, 2027-03-20T12:00:00Z, 2027-03-29T12:00:00Z",
    // Clocks differ a little; one that was set back by much would put off the end.
    "2027-03-20T12:01:00Z, 2027-03-20T12:01:00Z, 2027-03-29T12:01:00Z",
    "2027-04-20T12:00:00Z, 2027-03-20T12:00:00Z, 2027-03-29T12:00:00Z",
    "nonsense, 2027-03-20T12:00:00Z, 2027-03-29T12:00:00Z",
    ", 2027-03-20T12:00:00Z, 2027-03-29T12:00:00Z"
  })
  void podsGoBeforeTheirFirstLineIsTooOld(
      @Nullable String known, Instant since, Instant recheckAt) {
    var bound = TEN_DAYS.decide(since(known), NOW);
    assertThat(bound.since()).isEqualTo(since);
    assertThat(bound.recheckAt()).isEqualTo(recheckAt);
  }

  @Test
  void firstDeploymentBeginsNow() {
    assertThat(TEN_DAYS.decide(Optional.empty(), NOW).since())
        .isEqualTo(Instant.parse("2027-03-20T12:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    // The window opens at 03:00 for two hours; half of ten days are over on the 20th at 04:00.
    "2027-03-15T04:00:00Z, 2027-03-20T03:30:00Z, 2027-03-15T04:00:00Z, 2027-03-20T04:00:00Z",
    "2027-03-15T04:00:00Z, 2027-03-20T04:30:00Z, 2027-03-20T04:30:00Z, 2027-03-25T04:30:00Z",
    "2027-03-15T04:00:00Z, 2027-03-20T06:00:00Z, 2027-03-15T04:00:00Z, 2027-03-21T03:00:00Z",
    // An operator that missed every window does not wait for another.
    "2027-03-11T04:00:00Z, 2027-03-20T12:00:00Z, 2027-03-20T12:00:00Z, 2027-03-26T03:00:00Z"
  })
  void windowIsUsedIfOneOpensInTime(Instant known, Instant now, Instant since, Instant recheckAt) {
    var window = new MaintenanceWindow(null, "03:00", "2h", "UTC");
    var bound =
        new LogRetention(Duration.ofDays(10), Optional.of(window))
            .decide(since(known.toString()), now);
    assertThat(bound.since()).isEqualTo(since);
    assertThat(bound.recheckAt()).isEqualTo(recheckAt);
  }
}
