package io.mapwright.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ImageDecision;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.LogRetentionDecision;
import io.mapwright.operator.model.RunningImages;
import io.mapwright.operator.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InstancePlanTest {
  private static final String EVERYTHING =
      """
      hosts: [maps.example.com]
      server:
        image: "maps:1"
        volume: {size: 1Gi}
        autoscaling: {maxReplicas: 3}
      tls: {issuerRef: {name: ca}}
      exposure: {type: Ingress}
      backup: {schedule: "@daily", repository: {volume: {size: 1Gi}}}
      monitoring: {serviceMonitor: {}}
      """;

  static Stream<InstanceInput> inputs() {
    return Stream.of("tiles", "maps.example.com", "9", "a".repeat(63), "b".repeat(253), "t-metrics")
        .flatMap(name ->
            Stream.of(
                    EVERYTHING,
                    Given.SMALLEST,
                    Given.SMALLEST + "exposure: {type: HTTPRoute, parentRefs: [{name: gateway}]}")
                .map(spec -> Given.input(Given.instance(name, spec))));
  }

  private static List<HasMetadata> objects(InstanceInput in) {
    return InstancePlan.rows().stream()
        .filter(part -> part.wanted(in))
        .<HasMetadata>map(part -> part.desired().apply(PlanInput.of(in)))
        .toList();
  }

  @Test
  void rowsAreInTheOrderInWhichTheyAreApplied() {
    assertThat(InstancePlan.rows().stream().map(PlanRow::id))
        .containsExactly(
            "deny-all",
            "server-policy",
            "backup-policy",
            "drill-policy",
            "drill-fetch-policy",
            "account",
            "control",
            "sessions",
            "certificate",
            "gateway-config",
            "data",
            "deployment",
            "web",
            "metrics",
            "disruption-budget",
            "autoscaler",
            "ingress",
            "http-route",
            "http-route-2",
            "http-route-3",
            "backup-password",
            "backup-repository",
            "backup-account",
            "backup-files",
            "backup",
            "backup-before-update",
            "check",
            "drill",
            "restore",
            "final-backup",
            "service-monitor")
        .doesNotHaveDuplicates();
  }

  /** The Gateway API takes 16 host names a route; 32 and 16 more of the console are admitted. */
  @ParameterizedTest
  @CsvSource({"16, 0, 1", "16, 1, 2", "32, 0, 2", "32, 16, 3"})
  void everyHostHasARoute(int hosts, int console, int routes) {
    var in = Given.input(routed(hosts, console));
    var names =
        objects(in).stream()
            .filter(HTTPRoute.class::isInstance)
            .map(route -> ((HTTPRoute) route).getSpec().getHostnames())
            .toList();
    assertThat(names).hasSize(routes).allSatisfy(one -> assertThat(one).hasSizeBetween(1, 16));
    assertThat(names.stream().flatMap(List::stream)).containsExactlyElementsOf(in.allHosts());
  }

  /** An instance behind HTTPRoutes, with so many hosts, and so many more of the console. */
  static String routed(int hosts, int console) {
    var spec =
        """
        hosts: [%s]
        server: {image: "maps:1"}
        tls: {issuerRef: {name: ca}}
        exposure: {type: HTTPRoute, parentRefs: [{name: gateway}]}
        """
            .formatted(names("maps", hosts));
    return console == 0
        ? spec
        : spec + "controlPlane: {hosts: [" + names("console", console) + "]}\n";
  }

  private static String names(String first, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> first + i + ".example.com")
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void noTwoObjectsOfOneKindShareAName(InstanceInput in) {
    assertThat(objects(in).stream().map(o -> o.getKind() + "/" + o.getMetadata().getName()))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void everyObjectIsMarkedAsTheInstances(InstanceInput in) {
    for (var object : objects(in)) {
      assertThat(object.getMetadata().getNamespace()).isEqualTo(in.namespace());
      assertThat(object.getMetadata().getAnnotations()).containsEntry(Labels.OWNER, in.name());
      assertThat(object.getMetadata().getLabels())
          .containsEntry(Labels.MANAGED_BY, Labels.OPERATOR)
          .allSatisfy((key, value) -> assertThat(value).hasSizeLessThanOrEqualTo(63));
    }
  }

  /** The client sends what an object says of its writers, and an API server applies none of it. */
  @ParameterizedTest
  @MethodSource("inputs")
  void whatIsAppliedIsNothingThatWasRead(InstanceInput in) {
    assertThat(objects(in))
        .allSatisfy(object -> {
          var meta = object.getMetadata();
          assertThat(meta.getManagedFields()).isEmpty();
          assertThat(meta.getUid()).isNull();
          assertThat(meta.getResourceVersion()).isNull();
        });
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void renderingTwiceGivesTheSame(InstanceInput in) {
    assertThat(objects(in)).isEqualTo(objects(in));
  }

  @Test
  void dataSurvivesItsInstanceUnlessTheUserSaysOtherwise() {
    assertThat(owned(Given.input(EVERYTHING)))
        .doesNotContain(
            "PersistentVolumeClaim/tiles-data",
            "PersistentVolumeClaim/tiles-backup-repository",
            "Secret/tiles-backup-password");
    assertThat(owned(Given.input(EVERYTHING + "deletionPolicy: Delete")))
        .contains("PersistentVolumeClaim/tiles-data")
        .doesNotContain(
            "PersistentVolumeClaim/tiles-backup-repository", "Secret/tiles-backup-password");
  }

  private static List<String> owned(InstanceInput in) {
    return objects(in).stream()
        .filter(o ->
            o.getMetadata().getOwnerReferences().stream()
                .anyMatch(ref -> MapwrightInstance.class.getSimpleName().equals(ref.getKind())))
        .map(o -> o.getKind() + "/" + o.getMetadata().getName())
        .toList();
  }

  @Test
  void rowsOfAbsentKindsAreNotPossibleAndHoldUpNothing() {
    var in = Given.input(EVERYTHING);
    var bare =
        new InstanceInput(
            in.name(),
            in.namespace(),
            in.uid(),
            in.spec(),
            in.operator(),
            Set.of(),
            in.generatedSecrets(),
            in.imageDecision(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    assertThat(InstancePlan.rows().stream().filter(part -> !part.possible(bare)).map(PlanRow::id))
        .containsExactly(
            "certificate", "http-route", "http-route-2", "http-route-3", "service-monitor");
    assertThat(InstancePlan.rows().stream().filter(part -> !part.possible(in))).isEmpty();
    assertThat(
            InstancePlan.rows().stream()
                .filter(part -> part.needs().isPresent())
                .filter(PlanRow::essential))
        .isEmpty();
    assertThat(Capability.values()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "BackingUp, maps:1, true",
    "RollingOut, maps:1, true",
    "RollingOut, , false",
    "Current, maps:2, false",
    "RolledBack, maps:1, false"
  })
  void backupBeforeAnUpdateStaysUntilTheImageIsProven(
      UpdatePhase phase, @Nullable String proven, boolean there) {
    var update = new UpdateStatus(phase, proven, "maps:2", null, null, null, null);
    var in =
        Given.input(
                """
                hosts: [maps.example.com]
                server: {image: "maps:2", volume: {size: 1Gi}}
                tls: {issuerRef: {name: ca}}
                backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
                updates: {backupFirst: true}
                """)
            .with(
                new ImageDecision(
                    "maps:2",
                    Optional.of(update),
                    Optional.empty(),
                    Optional.empty(),
                    RunningImages.NONE));
    assertThat(objects(in).stream().anyMatch(o -> o.getKind().equals("Job"))).isEqualTo(there);
  }

  @Test
  void podsSayBeforeWhenTheirLogsMayNotBeginOnlyWhereThatIsAsked() {
    var in = Given.input(Given.SMALLEST);
    var since = Instant.parse("2027-03-01T12:00:00Z");
    var bounded =
        new ImageDecision(
            "maps:1",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new LogRetentionDecision(since, since)),
            RunningImages.NONE);
    assertThat(podAnnotations(in)).doesNotContainKey(Labels.LOGS_SINCE);
    assertThat(podAnnotations(in.with(bounded)))
        .containsEntry(Labels.LOGS_SINCE, "2027-03-01T12:00:00Z");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void serverAndGatewayShareTheNetworkAlone(InstanceInput in) {
    var pod = Workload.deployment(in, "").getSpec().getTemplate().getSpec();
    var gateway = pod.getInitContainers().getFirst();
    var server = pod.getContainers().getFirst();
    assertThat(pod.getShareProcessNamespace()).isFalse();
    assertThat(gateway.getSecurityContext().getRunAsUser())
        .isNotNull()
        .isNotEqualTo(pod.getSecurityContext().getRunAsUser());
    assertThat(server.getSecurityContext().getRunAsUser()).isNull();
    assertThat(server.getVolumeMounts())
        .extracting(VolumeMount::getName)
        .doesNotContainAnyElementsOf(
            gateway.getVolumeMounts().stream().map(VolumeMount::getName).toList());
    assertThat(gateway.getStartupProbe().getExec()).isNotNull();
  }

  private static Map<String, String> podAnnotations(InstanceInput in) {
    return Workload.deployment(in, "").getSpec().getTemplate().getMetadata().getAnnotations();
  }

  @Test
  void whatCutsTrafficComesBeforeWhatCouldCauseAny() {
    var ids = InstancePlan.rows().stream().map(PlanRow::id).toList();
    assertThat(ids.indexOf("deny-all")).isZero();
    assertThat(ids.indexOf("server-policy")).isLessThan(ids.indexOf("deployment"));
    assertThat(ids.indexOf("backup-policy")).isLessThan(ids.indexOf("backup"));
  }
}
