package io.mapwright.operator.reconcile;

import static io.mapwright.operator.reconcile.Cluster.condition;
import static io.mapwright.operator.reconcile.Cluster.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.status.ConditionType;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole operator against a real API server; nobody runs the pods. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceIT {
  private final Cluster cluster;
  private final MapwrightOperator operator;

  InstanceIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("instances"));
    operator = Cluster.operator(server.client(), cluster.namespace);
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  /** An instance that has all it needs. */
  private MapwrightInstance applied(String name, String more) {
    cluster.certificate(name + "-own-tls", name + ".example.com");
    var made = cluster.instance(name, spec(name, more));
    cluster.until(
        "it is applied",
        MapwrightInstance.class,
        name,
        now ->
            now.getStatus() != null
                && reason(now, ConditionType.Applied).equals("ObjectsApplied")
                && cluster.exists(Deployment.class, Names.server(name)));
    return made;
  }

  private static String spec(String name, String more) {
    return """
    hosts: [%1$s.example.com]
    server: {image: "maps:1", volume: {size: 1Gi}}
    tls: {secretName: %1$s-own-tls}
    %2$s\
    """
        .formatted(name, more);
  }

  private static final String BACKUP =
      "backup: {schedule: \"0 3 * * *\", repository: {volume: {size: 1Gi}}}\n";

  @Test
  void appliedInstanceHasAllItsObjects() {
    applied("full", BACKUP + "exposure: {type: Ingress}\n");
    cluster.patch(
        MapwrightInstance.class,
        "full",
        "{\"spec\":{\"server\":{\"autoscaling\":{\"maxReplicas\":3}}}}");
    cluster.until(
        "it is made",
        io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler.class,
        "full",
        _ -> true);
    assertThat(cluster.names())
        .contains(
            "ConfigMap/full-gateway",
            "CronJob/full-backup",
            "Deployment/full",
            "HorizontalPodAutoscaler/full",
            "Ingress/full",
            "NetworkPolicy/full-backup",
            "NetworkPolicy/full-deny-all",
            "NetworkPolicy/full-server",
            "PersistentVolumeClaim/full-backup-repository",
            "PersistentVolumeClaim/full-data",
            "PodDisruptionBudget/full",
            "Secret/full-backup-password",
            "Secret/full-control",
            "Secret/full-sessions",
            "Service/full",
            "Service/full-metrics",
            "ServiceAccount/full");
    cluster.podsRun("full", 1);
    cluster.untilInstance("full", ConditionType.ServerAvailable, "AllPodsReady");
    var status =
        cluster.untilInstance("full", ConditionType.KeysInSync, "PodsNotReady").getStatus();
    assertThat(status.url()).isEqualTo("https://full.example.com");
    assertThat(status.certificateNotAfter()).isNotNull();
    assertThat(status.readyReplicas()).isEqualTo(1);
  }

  @Test
  void nothingIsWrittenAtRest() throws IOException {
    applied("rest", BACKUP);
    cluster.key("rest-key", "instanceRef: {name: rest}\nscopes: [tiles]\n");
    cluster.untilKey("rest-key", ConditionType.Ready, "Active");
    var before = ofInstance("rest", cluster.settled(Duration.ofSeconds(3)));
    assertThat(before).hasSizeGreaterThan(12);
    for (int pass = 0; pass < 3; pass++) {
      var passes = passes();
      requeue("rest");
      await("a pass").atMost(Cluster.PATIENCE).until(() -> passes() > passes);
    }
    assertThat(ofInstance("rest", cluster.settled(Duration.ofSeconds(3)))).isEqualTo(before);
  }

  /** Passes over instances that came to their end, as the operator counts them. */
  private double passes() throws IOException {
    var metrics = URI.create("http://127.0.0.1:" + operator.port() + "/metrics").toURL();
    try (var in = metrics.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("operator_sdk_reconciliations_success_total{"))
          .filter(line -> line.contains("kind=\"MapwrightInstance\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  /** A pod that comes and goes wakes its instance. */
  private void requeue(String name) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name + "-trigger")
            .withNamespace(cluster.namespace)
            .withLabels(Labels.of(name))
            .withAnnotations(Map.of(Labels.OWNER, name))
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("server")
            .withImage("maps:1")
            .endContainer()
            .endSpec()
            .build();
    cluster.client.resource(pod).create();
    cluster.client.resource(pod).withGracePeriod(0).delete();
  }

  private static Map<String, String> ofInstance(String name, Map<String, String> versions) {
    var result = new TreeMap<>(versions);
    result.keySet().removeIf(key -> !key.contains("/" + name));
    return result;
  }

  @Test
  void oneSpecChangeWritesOnlyWhatDiffers() {
    applied("diff", BACKUP);
    var before = ofInstance("diff", cluster.settled(Duration.ofSeconds(3)));
    cluster.patch(
        MapwrightInstance.class, "diff", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");
    cluster.until(
        "the new image is there",
        Deployment.class,
        "diff",
        d ->
            d.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage()
                .equals("maps:2"));
    assertThat(changed(before, ofInstance("diff", cluster.settled(Duration.ofSeconds(3)))))
        .as("the manifest for backups is in the ConfigMap")
        .containsExactly("ConfigMap/diff-backup", "Deployment/diff", "MapwrightInstance/diff");

    before = ofInstance("diff", cluster.versions());
    cluster.patch(
        MapwrightInstance.class, "diff", "{\"spec\":{\"backup\":{\"schedule\":\"0 4 * * *\"}}}");
    cluster.until(
        "the new schedule is there",
        CronJob.class,
        "diff-backup",
        job -> job.getSpec().getSchedule().equals("0 4 * * *"));
    assertThat(changed(before, ofInstance("diff", cluster.settled(Duration.ofSeconds(3)))))
        .containsExactly("ConfigMap/diff-backup", "CronJob/diff-backup", "MapwrightInstance/diff");
  }

  private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
    var changed = new TreeSet<String>();
    after.forEach((key, version) -> {
      if (!key.startsWith("Event/") && !version.equals(before.get(key))) {
        changed.add(key);
      }
    });
    before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changed::add);
    return changed;
  }

  @Test
  void whatTheSpecNoLongerAsksForGoesAndDataStays() {
    applied("prune", BACKUP);
    cluster.until("it is made", CronJob.class, "prune-backup", _ -> true);
    cluster.patch(MapwrightInstance.class, "prune", "{\"spec\":{\"backup\":null}}");
    cluster.untilGone(CronJob.class, "prune-backup");
    cluster.untilGone(NetworkPolicy.class, "prune-backup");
    assertThat(lives(PersistentVolumeClaim.class, "prune-backup-repository")).isTrue();
    assertThat(cluster.exists(Secret.class, "prune-backup-password")).isTrue();
    cluster.patch(MapwrightInstance.class, "prune", "{\"spec\":{\"server\":{\"volume\":null}}}");
    cluster.until(
        "the pod has no claim",
        Deployment.class,
        "prune",
        d ->
            d.getSpec().getTemplate().getSpec().getVolumes().stream()
                .noneMatch(v -> v.getPersistentVolumeClaim() != null));
    assertThat(lives(PersistentVolumeClaim.class, "prune-data")).isTrue();
  }

  /** A claim that was deleted stays for a while, for its finalizer. */
  private boolean lives(Class<? extends HasMetadata> kind, String name) {
    return cluster.get(kind, name).getMetadata().getDeletionTimestamp() == null;
  }

  @Test
  void backupPasswordComesBackUnchangedWithTheBackup() {
    applied("again", BACKUP);
    var password = cluster.until("it is made", Secret.class, "again-backup-password", _ -> true);
    cluster.patch(MapwrightInstance.class, "again", "{\"spec\":{\"backup\":null}}");
    cluster.untilGone(CronJob.class, "again-backup");
    cluster.patch(
        MapwrightInstance.class,
        "again",
        "{\"spec\":{\"backup\":{\"schedule\":\"@daily\",\"repository\":{\"volume\":{\"size\":\"1Gi\"}}}}}");
    cluster.until("it is made", CronJob.class, "again-backup", _ -> true);
    assertThat(cluster.get(Secret.class, "again-backup-password").getData())
        .isEqualTo(password.getData());
  }

  @Test
  void dataBelongsToTheInstanceOnlyWhileTheUserWantsItDeleted() {
    applied("owner", "");
    cluster.patch(MapwrightInstance.class, "owner", "{\"spec\":{\"deletionPolicy\":\"Delete\"}}");
    cluster.until(
        "it is owned",
        PersistentVolumeClaim.class,
        "owner-data",
        claim -> !claim.getMetadata().getOwnerReferences().isEmpty());
    cluster.patch(MapwrightInstance.class, "owner", "{\"spec\":{\"deletionPolicy\":\"Retain\"}}");
    cluster.until(
        "it is not owned",
        PersistentVolumeClaim.class,
        "owner-data",
        claim -> claim.getMetadata().getOwnerReferences().isEmpty());
  }

  @Test
  void dataStaysWhenTheVolumeLeavesTheSpecEvenIfTheInstanceWouldTakeItAlong() {
    applied("leave", "deletionPolicy: Delete\n");
    cluster.patch(MapwrightInstance.class, "leave", "{\"spec\":{\"server\":{\"volume\":null}}}");
    cluster.until(
        "the pod has no claim",
        Deployment.class,
        "leave",
        d ->
            d.getSpec().getTemplate().getSpec().getVolumes().stream()
                .noneMatch(v -> v.getPersistentVolumeClaim() != null));
    cluster.settled(Duration.ofSeconds(2));
    assertThat(lives(PersistentVolumeClaim.class, "leave-data")).isTrue();
  }

  @Test
  void objectOfSomebodyElseIsLeftAloneAndTold() {
    var foreign =
        cluster
            .client
            .resource(
                new ServiceBuilder()
                    .withNewMetadata()
                    .withName("clash")
                    .withNamespace(cluster.namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addNewPort()
                    .withPort(1)
                    .endPort()
                    .endSpec()
                    .build())
            .create();
    cluster.certificate("clash-own-tls", "clash.example.com");
    cluster.instance("clash", spec("clash", ""));
    var now = cluster.untilInstance("clash", ConditionType.Applied, "NameClash");
    assertThat(condition(now, ConditionType.Applied).getMessage()).contains("Service clash");
    assertThat(reason(now, ConditionType.Ready)).isEqualTo("NameClash");
    assertThat(cluster.get(Service.class, "clash")).isEqualTo(foreign);
    cluster.delete(Service.class, "clash");
    requeue("clash");
    cluster.untilInstance("clash", ConditionType.Applied, "ObjectsApplied");
  }

  @Test
  void hostBelongsToTheOlderOfTwoInstances() throws InterruptedException {
    applied("host-a", "");
    nextSecond();
    cluster.certificate("host-b-own-tls", "host-a.example.com");
    cluster.instance("host-b", spec("host-b", "").replace("host-b.example", "host-a.example"));
    var second = cluster.untilInstance("host-b", ConditionType.Accepted, "HostConflict");
    assertThat(condition(second, ConditionType.Accepted).getMessage())
        .contains("host-a.example.com")
        .contains("an older instance, host-a;");
    assertThat(cluster.exists(Deployment.class, "host-b")).isFalse();
    assertThat(reason(cluster.get(MapwrightInstance.class, "host-a"), ConditionType.Accepted))
        .isEqualTo("SpecValid");
    cluster.delete(MapwrightInstance.class, "host-a");
    cluster.untilGone(MapwrightInstance.class, "host-a");
    requeue("host-b");
    cluster.untilInstance("host-b", ConditionType.Accepted, "SpecValid");
  }

  /** Objects of one second are ordered by their ids. */
  private static void nextSecond() throws InterruptedException {
    Thread.sleep(1100);
  }

  @Test
  void consoleOfOneInstanceMayNotTakeTheHostOfAnother() throws InterruptedException {
    applied("console-a", "");
    nextSecond();
    cluster.certificate("console-b-own-tls", "console-b.example.com");
    cluster.instance(
        "console-b",
        spec(
            "console-b",
            "controlPlane: {hosts: [console-a.example.com], allowedCidrs: [10.0.0.0/8]}\n"));
    cluster.untilInstance("console-b", ConditionType.Accepted, "HostConflict");
  }

  @Test
  void keyThatDoesNotBelongToItsCertificateIsToldAndStopsNothingThatRuns() {
    applied("pair", "");
    var before = cluster.get(Deployment.class, "pair").getMetadata().getGeneration();
    var authority = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
    cluster.tls(
        "pair-own-tls",
        authority.server(List.of("pair.example.com")).certificatePem(),
        authority.server(List.of("pair.example.com")).privateKeyPem());
    requeue("pair");
    var now = cluster.untilInstance("pair", ConditionType.TlsReady, "CertificateInvalid");
    assertThat(condition(now, ConditionType.TlsReady).getMessage())
        .contains("tls.key does not belong to tls.crt");
    assertThat(cluster.get(Deployment.class, "pair").getMetadata().getGeneration())
        .isEqualTo(before);
  }

  @Test
  void instanceWithoutCertificateWaitsAndStartsWhenItIsThere() {
    cluster.instance("late", spec("late", ""));
    cluster.untilInstance("late", ConditionType.TlsReady, "CertificatePending");
    assertThat(cluster.exists(Deployment.class, "late")).isFalse();
    assertThat(cluster.exists(NetworkPolicy.class, "late-deny-all")).isTrue();
    cluster.certificate("late-own-tls", "late.example.com");
    requeue("late");
    cluster.untilInstance("late", ConditionType.TlsReady, "CertificateValid");
    cluster.until("it is made", Deployment.class, "late", _ -> true);
  }

  @Test
  void updateWaitsForOneBackupThatIsLeftInPeace() {
    applied("first", BACKUP + "updates: {backupFirst: true}\n");
    cluster.serverRuns("first", "docker.io/library/maps@sha256:" + "5e".repeat(32));
    cluster.podsRun("first", 1);
    cluster.untilInstance("first", ConditionType.Updated, "ImageProven");
    cluster.patch(
        MapwrightInstance.class, "first", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");
    cluster.untilInstance("first", ConditionType.Updated, "UpdateBackingUp");
    var job = Names.beforeUpdate("first", "maps:2");
    var made = cluster.until("it is made", Job.class, job, _ -> true);
    for (var i = 0; i < 3; i++) {
      requeue("first");
      cluster.settled(Duration.ofSeconds(2));
    }
    assertThat(cluster.client.resources(Job.class).inNamespace(cluster.namespace).list().getItems())
        .filteredOn(found -> found.getMetadata().getName().startsWith("first-"))
        .extracting(found -> found.getMetadata().getUid())
        .containsExactly(made.getMetadata().getUid());
  }

  @Test
  void podsWithLogsThatGetTooOldAreReplacedOnce() {
    applied("logs", "audit: {retention: 2h}\n");
    cluster.podsRun("logs", 1);
    cluster.untilInstance("logs", ConditionType.LogsBounded, "WithinRetention");
    var begun = logsSince("logs");
    cluster.patch(
        Deployment.class,
        "logs",
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"mapwright.io/logs-since\":\"%s\"}}}}}"
            .formatted(begun.minus(Duration.ofMinutes(109))));
    cluster.until(
        "the template asks for new pods",
        Deployment.class,
        "logs",
        _ -> !logsSince("logs").isBefore(begun));
    var replaced = logsSince("logs");
    for (var i = 0; i < 3; i++) {
      requeue("logs");
      cluster.settled(Duration.ofSeconds(2));
    }
    assertThat(logsSince("logs")).isEqualTo(replaced);
  }

  private Instant logsSince(String name) {
    return Instant.parse(
        cluster
            .get(Deployment.class, name)
            .getSpec()
            .getTemplate()
            .getMetadata()
            .getAnnotations()
            .get(Labels.LOGS_SINCE));
  }

  @Test
  void imageWithoutTagIsTold() {
    applied("loose", "");
    cluster.patch(MapwrightInstance.class, "loose", "{\"spec\":{\"server\":{\"image\":\"maps\"}}}");
    cluster.untilInstance("loose", ConditionType.ImagesPinned, "ImageNotPinned");
  }

  @Test
  void specThatCanNotBeDoneChangesNothingThatRuns() {
    applied("bad", BACKUP);
    var before = ofInstance("bad", cluster.settled(Duration.ofSeconds(2)));
    for (var wrong :
        List.of(
            "\"schedule\":\"61 3 * * *\"",
            "\"schedule\":\"0 3 * * *\",\"timeZone\":\"Mars/Olympus\"")) {
      cluster.patch(
          MapwrightInstance.class,
          "bad",
          "{\"spec\":{\"server\":{\"image\":\"maps:2\"},\"backup\":{" + wrong + "}}}");
      cluster.untilInstance("bad", ConditionType.Accepted, "InvalidSchedule");
    }
    cluster.patch(
        MapwrightInstance.class,
        "bad",
        "{\"spec\":{\"server\":{\"resources\":{\"limits\":{\"memory\":-1}}}}}");
    cluster.untilInstance("bad", ConditionType.Accepted, "InvalidQuantity");
    assertThat(changed(before, ofInstance("bad", cluster.settled(Duration.ofSeconds(2)))))
        .containsExactly("MapwrightInstance/bad");
    cluster.patch(
        MapwrightInstance.class,
        "bad",
        "{\"spec\":{\"server\":{\"resources\":null},\"backup\":{\"timeZone\":null}}}");
    cluster.untilInstance("bad", ConditionType.Accepted, "SpecValid");
    cluster.until(
        "the new image is there",
        Deployment.class,
        "bad",
        d ->
            d.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage()
                .equals("maps:2"));
  }

  @Test
  void pausedInstanceIsLeftAsItIs() {
    applied("pause", "");
    cluster.patch(
        MapwrightInstance.class,
        "pause",
        "{\"spec\":{\"paused\":true,\"server\":{\"image\":\"maps:2\"}}}");
    cluster.untilInstance("pause", ConditionType.Ready, "Paused");
    assertThat(image("pause")).isEqualTo("maps:1");
    cluster.patch(MapwrightInstance.class, "pause", "{\"spec\":{\"paused\":null}}");
    cluster.until(
        "the new image is there", Deployment.class, "pause", _ -> image("pause").equals("maps:2"));
  }

  private String image(String name) {
    return cluster
        .get(Deployment.class, name)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getImage();
  }

  @Test
  void whatSomebodyChangesIsSetRight() {
    applied("drift", "");
    cluster.patch(
        Deployment.class,
        "drift",
        "{\"spec\":{\"template\":{\"spec\":{\"automountServiceAccountToken\":true}}}}");
    cluster.until(
        "it is set right",
        Deployment.class,
        "drift",
        d ->
            Boolean.FALSE.equals(
                d.getSpec().getTemplate().getSpec().getAutomountServiceAccountToken()));
    cluster.delete(NetworkPolicy.class, "drift-deny-all");
    cluster.until("it is back", NetworkPolicy.class, "drift-deny-all", _ -> true);
  }

  @Test
  void longNamesGiveValidObjects() {
    for (var name :
        List.of("n".repeat(63), "a." + "b".repeat(100) + ".c", "9-" + "d".repeat(200))) {
      cluster.certificate("long-own-tls", "l" + name.length() + ".example.com");
      cluster.instance(
          name,
          spec("long", BACKUP + "exposure: {type: Ingress}\n")
              .replace("long.example", "l" + name.length() + ".example"));
      cluster.untilInstance(name, ConditionType.Applied, "ObjectsApplied");
      cluster.until("it is made", Deployment.class, Names.server(name), _ -> true);
      cluster.until("it is made", CronJob.class, Names.backup(name), _ -> true);
    }
  }

  @Test
  void specIsNeverWritten() {
    applied("spec", BACKUP);
    cluster.key("spec-key", "instanceRef: {name: spec}\nscopes: [tiles]\nrotation: {every: 1d}\n");
    cluster.policy("spec-policy", "origins: [\"https://www.example.com\"]\n");
    cluster.untilKey("spec-key", ConditionType.Ready, "Active");
    cluster.until(
        "it has a status",
        io.mapwright.operator.api.v1alpha1.OriginPolicy.class,
        "spec-policy",
        p -> p.getStatus() != null);
    cluster.settled(Duration.ofSeconds(1));
    var objects =
        List.of(
            cluster.get(MapwrightInstance.class, "spec"),
            cluster.get(io.mapwright.operator.api.v1alpha1.ApiKey.class, "spec-key"),
            cluster.get(io.mapwright.operator.api.v1alpha1.OriginPolicy.class, "spec-policy"));
    for (var object : objects) {
      assertThat(object.getMetadata().getGeneration()).as(object.getKind()).isEqualTo(1);
      assertThat(object.getMetadata().getFinalizers()).isEmpty();
      assertThat(object.getMetadata().getManagedFields())
          .filteredOn(entry -> "mapwright-operator".equals(entry.getManager()))
          .allSatisfy(entry -> {
            assertThat(entry.getSubresource()).isEqualTo("status");
            assertThat(fields(entry)).doesNotContain("f:spec");
          })
          .isNotEmpty();
    }
  }

  private static String fields(ManagedFieldsEntry entry) {
    return Serialization.asJson(entry.getFieldsV1());
  }

  @Test
  void instanceOfOneMebibyteHarmsNobody() {
    var env = new StringBuilder();
    for (var i = 0; i < 20; i++) {
      env.append("{name: V")
          .append(i)
          .append(", value: \"")
          .append("x".repeat(30_000))
          .append("\"},");
    }
    cluster.certificate("big-own-tls", "big.example.com");
    cluster.instance(
        "big",
        spec("big", "").replace("image: \"maps:1\"", "image: \"maps:1\", env: [" + env + "]"));
    cluster.until(
        "it has a verdict",
        MapwrightInstance.class,
        "big",
        now ->
            now.getStatus() != null
                && List.of("ObjectsApplied", "Refused")
                    .contains(reason(now, ConditionType.Applied)));
    applied("beside-big", "");
  }

  @Test
  void deletedInstanceIsForgottenAndMayComeBack() {
    applied("back", "");
    cluster.delete(MapwrightInstance.class, "back");
    cluster.untilGone(MapwrightInstance.class, "back");
    // Nobody collects garbage here, so all its objects are still there, with the old owner.
    var again = cluster.instance("back", spec("back", ""));
    cluster.until(
        "the new instance owns it",
        Deployment.class,
        "back",
        d ->
            d.getMetadata().getOwnerReferences().stream()
                .allMatch(ref -> ref.getUid().equals(again.getMetadata().getUid())));
    cluster.untilInstance("back", ConditionType.Applied, "ObjectsApplied");
    cluster.until(
        "the new instance owns it",
        Secret.class,
        "back-sessions",
        s ->
            s.getMetadata().getOwnerReferences().stream()
                .allMatch(ref -> ref.getUid().equals(again.getMetadata().getUid())));
  }
}
