package io.mapwright.operator.bench;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.kube.Kubelet;
import io.mapwright.operator.kube.SealKey;
import io.mapwright.operator.kube.SecretText;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The user's side of the API server, and the kubelet's as far as gateways need one. */
final class Api implements AutoCloseable {
  static final int PARALLEL = 32;

  final KubernetesClient client;

  Api(Path kubeconfig) throws java.io.IOException {
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
            .build();
  }

  void namespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .serverSideApply();
  }

  /** Runs numbered work on as many threads as serve a bare client best. */
  static void parallel(int from, int to, int threads, IntConsumer work)
      throws InterruptedException {
    var permits = new Semaphore(threads);
    var failure = new AtomicReference<RuntimeException>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(from, to)
          .forEach(number ->
              executor.execute(() -> {
                permits.acquireUninterruptibly();
                try {
                  work.accept(number);
                } catch (RuntimeException e) {
                  failure.set(e);
                } finally {
                  permits.release();
                }
              }));
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** An instance with a certificate of its own, so that its Deployment is made at once. */
  void instance(String namespace, String name, int replicas) {
    instance(namespace, name, replicas, "", "");
  }

  /**
   * The same with more fields.
   *
   * @param server of spec.server, each after a comma
   * @param spec of the spec, each in a line that begins with two spaces
   */
  void instance(String namespace, String name, int replicas, String server, String spec) {
    var host = name + "." + namespace + ".example.com";
    var issued = ControlCa.create("bench", Clock.systemUTC(), new SecureRandom());
    var pair = issued.server(List.of(host));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name + "-own")
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withStringData(
                    Map.of("tls.crt", pair.certificatePem(), "tls.key", pair.privateKeyPem()))
                .build())
        .create();
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: mapwright.io/v1alpha1
                kind: MapwrightInstance
                metadata: {name: %s, namespace: %s}
                spec:
                  hosts: [%s]
                  server: {image: "maps:1", replicas: %d%s}
                  tls: {secretName: %s-own}
                %s\
                """
                    .formatted(name, namespace, host, replicas, server, name, spec),
                MapwrightInstance.class))
        .create();
  }

  static ApiKey key(String namespace, String name, String instance, String more) {
    return Serialization.unmarshal(
        """
        apiVersion: mapwright.io/v1alpha1
        kind: ApiKey
        metadata: {name: %s, namespace: %s}
        spec: {instanceRef: {name: %s}, scopes: [tiles], rateLimit: {requestsPerSecond: 10000}%s}
        """
            .formatted(name, namespace, instance, more),
        ApiKey.class);
  }

  /** Waits for the pods that the Deployment controller makes, and says that they run there. */
  List<Pod> podsRun(String namespace, String instance, List<String> addresses)
      throws InterruptedException {
    Waits.until(
        "pods of " + instance,
        Duration.ofMinutes(5),
        () -> pods(namespace, instance).size() == addresses.size());
    var pods = pods(namespace, instance);
    for (int i = 0; i < pods.size(); i++) {
      client.resource(Kubelet.running(pods.get(i), addresses.get(i))).updateStatus();
    }
    return pods;
  }

  /** Says of pods that run that they are ready to serve. */
  void podsServe(String namespace, String instance, List<String> addresses) {
    var pods = pods(namespace, instance);
    for (int i = 0; i < pods.size(); i++) {
      client.resource(Kubelet.ready(pods.get(i), addresses.get(i))).updateStatus();
    }
  }

  /** Waits for the pod that a controller makes with such a label. */
  Pod pod(String namespace, String label, String value) throws InterruptedException {
    Waits.until(
        "a pod with " + label + "=" + value,
        Duration.ofMinutes(1),
        () -> !pods(namespace, Map.of(label, value)).isEmpty());
    return pods(namespace, Map.of(label, value)).getFirst();
  }

  private List<Pod> pods(String namespace, Map<String, String> labels) {
    return client.pods().inNamespace(namespace).withLabels(labels).list().getItems();
  }

  private List<Pod> pods(String namespace, String instance) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("mapwright.io/instance", instance)
        .list()
        .getItems();
  }

  MapwrightInstanceStatus status(String namespace, String instance) {
    return Objects.requireNonNull(
        client
            .resources(MapwrightInstance.class)
            .inNamespace(namespace)
            .withName(instance)
            .get()
            .getStatus(),
        "status");
  }

  /** Lets an instance's restore make keys again, as its message asks for it. */
  void allowKeys(String namespace, String instance) throws InterruptedException {
    client.resource(key(namespace, "allows-" + instance, instance, ", revoked: true")).create();
    Waits.until(
        "the message", Duration.ofMinutes(1), () -> !consent(namespace, instance).isEmpty());
    client
        .resources(ApiKey.class)
        .inNamespace(namespace)
        .withName("allows-" + instance)
        .edit(key -> {
          key.getMetadata()
              .setAnnotations(Map.of(Labels.RESTORE_KEYS, consent(namespace, instance)));
          return key;
        });
    client
        .resources(MapwrightInstance.class)
        .inNamespace(namespace)
        .withName(instance)
        .edit(edited -> {
          edited.getMetadata().setLabels(Map.of("look", "again"));
          return edited;
        });
  }

  private String consent(String namespace, String instance) {
    return Conditions.find(status(namespace, instance).conditions(), ConditionType.Accepted)
        .filter(condition -> "RestoreNotAllowed".equals(condition.getReason()))
        .map(condition ->
            condition.getMessage().replaceFirst("(?s).*mapwright.io/restore-keys=([^,]+),.*", "$1"))
        .orElse("");
  }

  Map<String, String> secret(String namespace, String name) {
    return SecretText.of(client.secrets().inNamespace(namespace).withName(name).get());
  }

  /** The keys that were delivered in a namespace, by the names of their ApiKeys. */
  Map<String, String> delivered(String namespace) {
    return client
        .secrets()
        .inNamespace(namespace)
        .withLabel(Labels.API_KEY)
        .list()
        .getItems()
        .stream()
        .collect(
            Collectors.toMap(
                secret -> secret.getMetadata().getName().replaceFirst("-key$", ""),
                secret -> SecretText.of(secret).getOrDefault("key", "")));
  }

  /** How many keys a namespace has, as the API server counts them. */
  long count(String namespace) {
    var page =
        client
            .resources(ApiKey.class)
            .inNamespace(namespace)
            .list(new ListOptionsBuilder().withLimit(1L).build());
    var more = page.getMetadata().getRemainingItemCount();
    return page.getItems().size() + (more == null ? 0 : more);
  }

  /** What distinguishes one key and its Secret from all others. */
  StoredKeys.Original original(String namespace, String name) {
    var secret = client.secrets().inNamespace(namespace).withName(name + "-key").get();
    var key = client.resources(ApiKey.class).inNamespace(namespace).withName(name).get();
    var status = Objects.requireNonNull(key.getStatus(), "status");
    return new StoredKeys.Original(
        name,
        key.getMetadata().getUid(),
        secret.getMetadata().getUid(),
        SecretText.of(secret).getOrDefault("key", ""),
        String.valueOf(Objects.requireNonNull(status.current()).createdAt()),
        String.valueOf(status.seal()),
        SealKey.load(client, "default", new SecureRandom()).seal(false));
  }

  /** What kubectl patch does; returns when it would. */
  void revoke(String namespace, String name) {
    client
        .resources(ApiKey.class)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"revoked\":true}}");
  }

  @Override
  public void close() {
    client.close();
  }
}
