package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.KeyCompiler;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Seniority;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Reads all that a pass over a key needs. */
final class KeyGatherer {
  private static final String BY_INSTANCE = "instance";
  private static final String BY_POLICY = "policy";
  private static final String BY_SECRET = "secret";
  private static final String BY_DIGEST = "digest";

  private final IndexerResourceCache<ApiKey> keys;
  private final InformerEventSource<MapwrightInstance, ApiKey> instances;
  private final InformerEventSource<OriginPolicy, ApiKey> policies;
  private final InformerEventSource<Secret, ApiKey> secrets;
  private final Clock clock;

  KeyGatherer(EventSourceContext<ApiKey> context, Clock clock) {
    this.clock = clock;
    keys = context.getPrimaryCache();
    keys.addIndexers(
        Map.of(
            BY_INSTANCE, key -> List.of(Keyring.instanceOf(key).toString()),
            BY_POLICY,
                key ->
                    KeyCompiler.policyNames(key).stream()
                        .map(name -> inNamespace(key, name))
                        .toList(),
            BY_SECRET,
                key ->
                    key.getSpec().digest() == null
                        ? List.of(inNamespace(key, KeyFacts.secretName(key)))
                        : List.of(),
            BY_DIGEST, KeyCompiler::claims));
    instances =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(MapwrightInstance.class, ApiKey.class)
                // A key looks at an instance's spec alone, so status changes wake no key.
                .withOnUpdateFilter((now, before) ->
                    !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration()))
                .withSecondaryToPrimaryMapper(instance ->
                    ids(keys.byIndex(BY_INSTANCE, ResourceID.fromResource(instance).toString())))
                .build(),
            context);
    policies =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(OriginPolicy.class, ApiKey.class)
                .withOnUpdateFilter(
                    (now, before) -> KeyCompiler.comparable(now) != KeyCompiler.comparable(before))
                .withSecondaryToPrimaryMapper(policy ->
                    ids(
                        keys.byIndex(
                            BY_POLICY,
                            policy.getMetadata().getNamespace()
                                + "/"
                                + policy.getMetadata().getName())))
                .build(),
            context);
    secrets =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Secret.class, ApiKey.class)
                .withLabelSelector(Labels.SELECTOR + "," + Labels.API_KEY)
                .withSecondaryToPrimaryMapper(KeyGatherer::owner)
                .build(),
            context);
  }

  List<EventSource<?, ApiKey>> sources() {
    return List.of(instances, policies, secrets);
  }

  IndexerResourceCache<ApiKey> keys() {
    return keys;
  }

  InformerEventSource<Secret, ApiKey> secrets() {
    return secrets;
  }

  List<ResourceID> keysOf(ResourceID instance) {
    return List.copyOf(ids(keys.byIndex(BY_INSTANCE, instance.toString())));
  }

  KeyFacts gather(ApiKey key, KubernetesClient client) {
    var namespace = key.getMetadata().getNamespace();
    var secretName = KeyFacts.secretName(key);
    var secret = secrets.get(new ResourceID(secretName, namespace)).filter(s -> belongsTo(s, key));
    return new KeyFacts(
        key,
        instances.get(Keyring.instanceOf(key)),
        KeyCompiler.policyNames(key).stream()
            .filter(name -> policies.get(new ResourceID(name, namespace)).isEmpty())
            .toList(),
        KeyCompiler.policyNames(key).stream()
            .filter(name ->
                policies
                    .get(new ResourceID(name, namespace))
                    .filter(policy -> !KeyCompiler.comparable(policy))
                    .isPresent())
            .toList(),
        secret,
        key.getSpec().digest() == null && secret.isEmpty() && taken(namespace, secretName, client),
        rival(key, keys.byIndex(BY_SECRET, inNamespace(key, secretName)), Seniority::isOlder),
        Optional.ofNullable(key.getSpec().digest())
            .flatMap(digest -> rival(key, keys.byIndex(BY_DIGEST, digest), KeyCompiler::precedes)),
        clock.instant());
  }

  /** Asked of the API server, for the informer sees only Secrets that the operator made. */
  private static boolean taken(String namespace, String name, KubernetesClient client) {
    return client.secrets().inNamespace(namespace).withName(name).get() != null;
  }

  private static Optional<String> rival(
      ApiKey key, List<ApiKey> same, BiPredicate<ApiKey, ApiKey> precedes) {
    return same.stream()
        .filter(other -> precedes.test(other, key))
        .map(other -> other.getMetadata().getNamespace() + "/" + other.getMetadata().getName())
        .findFirst();
  }

  static boolean belongsTo(Secret secret, ApiKey key) {
    return secret.getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> key.getMetadata().getUid().equals(ref.getUid()));
  }

  private static Set<ResourceID> owner(Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream()
        .filter(ref -> ApiKey.class.getSimpleName().equals(ref.getKind()))
        .map(ref -> new ResourceID(ref.getName(), secret.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }

  private static Set<ResourceID> ids(List<ApiKey> found) {
    return found.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
  }

  private static String inNamespace(ApiKey key, String name) {
    return key.getMetadata().getNamespace() + "/" + name;
  }
}
