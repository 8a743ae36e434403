package io.mapwright.operator.report;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ImageDecision;
import io.mapwright.operator.model.RunningImages;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateReportTest {
  @ParameterizedTest
  @CsvSource({
    "Current, 1, True, maps:1 runs",
    "Current, 0, True, maps:1 was proven before; no pod runs now",
    "Stopped, 0, False, 'maps:1 is not proven, because no pod runs'"
  })
  void imageIsSaidToRunWhereOneDoes(
      UpdatePhase phase, int replicas, String status, String beginning) {
    var spec = Given.SMALLEST.replace("\"maps:1\"", "\"maps:1\", replicas: " + replicas);
    var update = new UpdateStatus(phase, null, null, null, null, null, null);
    var in =
        Given.input(spec)
            .with(
                new ImageDecision(
                    "maps:1",
                    Optional.of(update),
                    Optional.empty(),
                    Optional.empty(),
                    RunningImages.NONE));
    var conditions = new Conditions(null, 1, NOW);
    new UpdateReport(in, Optional.empty(), conditions).report();
    var updated = Conditions.find(conditions.list(), ConditionType.Updated).orElseThrow();
    assertThat(updated.getStatus()).isEqualTo(status);
    assertThat(updated.getMessage()).startsWith(beginning);
  }
}
