package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import org.junit.jupiter.api.Test;

class RepositoryAccessTest {
  private static InstanceInput in(String repository) {
    return Given.input(
        """
        hosts: [maps.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}}
        tls: {issuerRef: {name: ca}}
        backup: {schedule: "0 3 * * *", repository: %s}
        """
            .formatted(repository));
  }

  private static boolean sees(String now, String ran) {
    var pod = Backups.cronJob(in(ran)).getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
    return RepositoryAccess.of(in(now)).isOf(in(now), pod);
  }

  @Test
  void runOfAnotherRepositoryIsToldApart() {
    assertThat(sees("{rest: {url: 'https://a/'}}", "{rest: {url: 'https://a/'}}")).isTrue();
    assertThat(sees("{rest: {url: 'https://a/'}}", "{rest: {url: 'https://b/'}}")).isFalse();
    assertThat(sees("{volume: {size: 1Gi}}", "{rest: {url: 'https://a/'}}")).isFalse();
  }

  @Test
  void volumesAreToldApartByTheirClaim() {
    assertThat(sees("{volume: {existingClaim: a}}", "{volume: {existingClaim: a}}")).isTrue();
    assertThat(sees("{volume: {existingClaim: a}}", "{volume: {existingClaim: b}}")).isFalse();
  }
}
