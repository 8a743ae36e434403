package io.mapwright.operator.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRunFetchingTest {

  private static Pod pod(String task, String status) {
    return Serialization.unmarshal(
        """
        metadata:
          name: tiles-drill-1-abcde
          labels: {mapwright.io/task: %s, batch.kubernetes.io/job-name: tiles-drill-1}
        status: %s
        """
            .formatted(task, status),
        Pod.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drill|{phase: Pending}|true",
        "drill|{phase: Pending, initContainerStatuses: [{name: restic, state: {running: {}}}]}|true",
        "drill|{phase: Pending, initContainerStatuses: [{name: restic, state: {terminated: {exitCode: 0}}}]}|false",
        "drill|{phase: Running, initContainerStatuses: [{name: restic, state: {terminated: {exitCode: 0}}}, {name: seal, state: {running: {}}}]}|false",
        "drill|{phase: Failed}|false",
        "drill|{phase: Succeeded}|false",
        "backup|{phase: Pending}|false",
      })
  void theWayIsOpenUntilTheFirstContainerHasEnded(String task, String status, boolean fetching) {
    assertThat(JobRun.fetchingDrill(pod(task, status)).filter("tiles-drill-1"::equals).isPresent())
        .isEqualTo(fetching);
  }
}
