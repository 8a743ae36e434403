package io.mapwright.operator.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.backup.Backups;
import io.mapwright.operator.model.Given;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodSpecMatchTest {
  private static final PodSpec TEMPLATE =
      Backups.cronJob(
              Given.input(
                  """
                  hosts: [maps.example.com]
                  server: {image: "maps:1", volume: {size: 1Gi}}
                  tls: {issuerRef: {name: ca}}
                  backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
                  """))
          .getSpec()
          .getJobTemplate()
          .getSpec()
          .getTemplate()
          .getSpec();

  private static PodSpecBuilder copy() {
    return new PodSpecBuilder(Serialization.clone(TEMPLATE));
  }

  @Test
  void whatApiServerSchedulerAndAdmissionAddIsTheSame() {
    var found =
        copy()
            .withNodeName("n1")
            .withDnsPolicy("ClusterFirst")
            .withPriority(0)
            .addNewToleration()
            .withKey("node.kubernetes.io/not-ready")
            .endToleration()
            .editFirstContainer()
            .withTerminationMessagePath("/dev/termination-log")
            .withTerminationMessagePolicy("File")
            .endContainer()
            .build();
    found.getContainers().getFirst().getEnv().stream()
        .filter(env -> "".equals(env.getValue()))
        .forEach(env -> env.setValue(null));
    assertThat(PodSpecMatch.of(TEMPLATE, found)).isTrue();
  }

  @ParameterizedTest
  @MethodSource
  void whatChangesTheWorkIsAnother(PodSpec found) {
    assertThat(PodSpecMatch.of(TEMPLATE, found)).isFalse();
  }

  static Stream<PodSpec> whatChangesTheWorkIsAnother() {
    return Stream.of(
        copy().editFirstContainer().withImage("mine:1").endContainer().build(),
        copy().editFirstContainer().withCommand("true").endContainer().build(),
        copy().editFirstContainer().withArgs("more").endContainer().build(),
        copy().editFirstContainer().addNewEnv().withName("A").endEnv().endContainer().build(),
        copy()
            .editFirstContainer()
            .withNewLifecycle()
            .withNewPostStart()
            .withNewExec()
            .withCommand("true")
            .endExec()
            .endPostStart()
            .endLifecycle()
            .endContainer()
            .build(),
        copy().addNewContainer().withName("other").endContainer().build(),
        copy().addNewInitContainer().withName("other").endInitContainer().build(),
        copy().withServiceAccountName("other").build(),
        copy().withHostNetwork(true).build(),
        copy().addNewHostAlias().withIp("127.0.0.1").endHostAlias().build(),
        copy()
            .editFirstVolume()
            .withPersistentVolumeClaim(null)
            .withNewHostPath("/mine", null)
            .endVolume()
            .build());
  }
}
