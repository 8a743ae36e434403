package io.mapwright.operator.reconcile;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.OperatorConfig;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.Kubelet;
import io.mapwright.operator.kube.ServerPod;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A user's hands in one namespace of the API server, and eyes. */
final class Cluster {
  static final Duration PATIENCE = Duration.ofSeconds(45);
  static final Duration SECRET_ROUND = Duration.ofSeconds(1);

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          MapwrightInstance.class,
          ApiKey.class,
          OriginPolicy.class,
          ServiceAccount.class,
          Secret.class,
          ConfigMap.class,
          Service.class,
          PersistentVolumeClaim.class,
          NetworkPolicy.class,
          Deployment.class,
          PodDisruptionBudget.class,
          HorizontalPodAutoscaler.class,
          Ingress.class,
          CronJob.class,
          Event.class);

  final KubernetesClient client;
  final String namespace;

  Cluster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Starts the whole operator in this process, for some namespaces only. */
  static MapwrightOperator operator(KubernetesClient client, String... namespaces) {
    return operator(client, Clock.systemUTC(), namespaces);
  }

  /** The same, by another clock than everybody else's. */
  static MapwrightOperator operator(KubernetesClient client, Clock clock, String... namespaces) {
    try {
      var operator =
          new MapwrightOperator(
              new OperatorConfig(
                  Given.SETTINGS,
                  Set.of(namespaces),
                  0,
                  0,
                  false,
                  false,
                  "mapwright-operator",
                  "test",
                  SECRET_ROUND,
                  false),
              client,
              Optional.empty(),
              clock);
      operator.start();
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MapwrightInstance instance(String name, String spec) {
    return create("MapwrightInstance", name, spec, MapwrightInstance.class);
  }

  /**
   * An instance with a certificate of its own that is backed up to a volume.
   *
   * @param more further lines of the spec
   */
  MapwrightInstance backedUp(String name, String more) {
    certificate(name + "-own-tls", name + ".example.com");
    return instance(
        name,
        """
        hosts: [%1$s.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}}
        tls: {secretName: %1$s-own-tls}
        backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
        %2$s
        """
            .formatted(name, more));
  }

  /** A Secret that the operator has nothing to do with. */
  Secret foreign(String name, String key) {
    return client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of(key, "theirs"))
                .build())
        .create();
  }

  ApiKey key(String name, String spec) {
    return create("ApiKey", name, spec, ApiKey.class);
  }

  OriginPolicy policy(String name, String spec) {
    return create("OriginPolicy", name, spec, OriginPolicy.class);
  }

  private <T extends HasMetadata> T create(String kind, String name, String spec, Class<T> type) {
    var yaml =
        "apiVersion: mapwright.io/v1alpha1\nkind: %s\nmetadata: {name: \"%s\", namespace: %s}\nspec:\n%s"
            .formatted(kind, name, namespace, spec.indent(2));
    return client.resource(Serialization.unmarshal(yaml, type)).create();
  }

  /** Changes some fields, as kubectl patch does. */
  void patch(Class<? extends HasMetadata> kind, String name, String json) {
    client
        .resources(kind)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  <T extends HasMetadata> T get(Class<T> kind, String name) {
    return client.resources(kind).inNamespace(namespace).withName(name).get();
  }

  boolean exists(Class<? extends HasMetadata> kind, String name) {
    return get(kind, name) != null;
  }

  void delete(Class<? extends HasMetadata> kind, String name) {
    client.resources(kind).inNamespace(namespace).withName(name).delete();
  }

  <T extends HasMetadata> T until(String what, Class<T> kind, String name, Predicate<T> condition) {
    return await(what + ": " + kind.getSimpleName() + " " + namespace + "/" + name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> get(kind, name), now -> now != null && condition.test(now));
  }

  void untilGone(Class<? extends HasMetadata> kind, String name) {
    await(kind.getSimpleName() + " " + namespace + "/" + name + " is gone")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !exists(kind, name));
  }

  MapwrightInstance untilInstance(String name, ConditionType type, String reason) {
    return until(
        type + " is " + reason,
        MapwrightInstance.class,
        name,
        now -> fresh(now) && reason(now, type).equals(reason));
  }

  ApiKey untilKey(String name, ConditionType type, String reason) {
    return until(
        type + " is " + reason,
        ApiKey.class,
        name,
        now ->
            now.getStatus() != null
                && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration())
                && Conditions.find(now.getStatus().conditions(), type)
                    .filter(c -> c.getReason().equals(reason))
                    .isPresent());
  }

  private static boolean fresh(MapwrightInstance now) {
    return now.getStatus() != null
        && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration());
  }

  static String reason(MapwrightInstance instance, ConditionType type) {
    return condition(instance, type).getReason();
  }

  static Condition condition(MapwrightInstance instance, ConditionType type) {
    return Conditions.find(instance.getStatus().conditions(), type)
        .orElseGet(() -> new ConditionBuilder().withReason("absent").withMessage("absent").build());
  }

  /** Brings a certificate, as a user with one of their own does. */
  void certificate(String secret, String... hosts) {
    var authority = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
    var issued = authority.server(List.of(hosts));
    tls(secret, issued.certificatePem(), issued.privateKeyPem());
  }

  void tls(String secret, String certificate, String key) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .withNamespace(namespace)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withStringData(Map.of("tls.crt", certificate, "tls.key", key))
                .build())
        .serverSideApply();
  }

  /** Says what a kubelet and a controller manager would say of pods that run. */
  void podsRun(String deployment, int ready) {
    var now = get(Deployment.class, deployment);
    now.setStatus(
        new io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder()
            .withReplicas(ready)
            .withReadyReplicas(ready)
            .withAvailableReplicas(ready)
            .withUpdatedReplicas(ready)
            .withObservedGeneration(now.getMetadata().getGeneration())
            .build());
    client.resource(now).updateStatus();
  }

  /** Says what a kubelet would say of one pod whose map server it started from that image. */
  void serverRuns(String instance, String imageId) {
    var pod = client.resource(ServerPod.of(namespace, instance, instance + "-0").build()).create();
    client.resource(Kubelet.started(pod, imageId)).updateStatus();
  }

  /** Everything in the namespace: kind and name to resource version. */
  Map<String, String> versions() {
    return all(object -> object.getMetadata().getResourceVersion());
  }

  List<String> names() {
    var names = new ArrayList<>(all(_ -> "").keySet());
    names.removeIf(name -> name.startsWith("Event/") || name.equals("ConfigMap/kube-root-ca.crt"));
    return names;
  }

  private Map<String, String> all(Function<HasMetadata, String> value) {
    var result = new TreeMap<String, String>();
    for (var kind : KINDS) {
      for (var object : client.resources(kind).inNamespace(namespace).list().getItems()) {
        result.put(
            kind.getSimpleName() + "/" + object.getMetadata().getName(), value.apply(object));
      }
    }
    return result;
  }

  /** Waits until nothing in the namespace has changed for some time. */
  Map<String, String> settled(Duration quiet) {
    var last = new java.util.concurrent.atomic.AtomicReference<>(versions());
    var since = new java.util.concurrent.atomic.AtomicLong(System.nanoTime());
    await("nothing in " + namespace + " changes for " + quiet)
        .atMost(PATIENCE.plus(quiet))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          var now = versions();
          if (!now.equals(last.getAndSet(now))) {
            since.set(System.nanoTime());
          }
          return System.nanoTime() - since.get() > quiet.toNanos();
        });
    return last.get();
  }
}
