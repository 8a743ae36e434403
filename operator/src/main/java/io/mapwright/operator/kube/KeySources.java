package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.KeyCompiler;
import io.mapwright.operator.keyring.Keyring;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Feeds the keyring from watches of keys and policies. No event of theirs starts a pass over an
 * instance: a pass looks at an instance's objects, a key changes one entry.
 */
public final class KeySources implements Keyring.Lookups {
  private static final String BY_INSTANCE = "instance";
  private static final String BY_POLICY = "policy";
  private static final String BY_DIGEST = "digest";

  private final IndexerResourceCache<MapwrightInstance> instances;
  private final FeedingSource<ApiKey> keys;
  private final FeedingSource<OriginPolicy> policies;
  private final Keyring keyring = new Keyring(this);

  public KeySources(EventSourceContext<MapwrightInstance> context) {
    instances = context.getPrimaryCache();
    keys =
        new FeedingSource<>(
            ApiKey.class,
            context,
            keyring::put,
            key -> keyring.remove(ResourceID.fromResource(key)));
    keys.addIndexers(
        java.util.Map.of(
            BY_INSTANCE, key -> List.of(Keyring.instanceOf(key).toString()),
            BY_POLICY,
                key ->
                    KeyCompiler.policyNames(key).stream()
                        .map(name -> key.getMetadata().getNamespace() + "/" + name)
                        .toList(),
            BY_DIGEST, KeyCompiler::claims));
    Consumer<OriginPolicy> changed =
        policy ->
            keyring.policyChanged(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    policies = new FeedingSource<>(OriginPolicy.class, context, changed, changed);
  }

  public Keyring keyring() {
    return keyring;
  }

  public List<InformerEventSource<?, MapwrightInstance>> sources() {
    return List.of(keys, policies);
  }

  public boolean synced() {
    return sources().stream().allMatch(OwnedSources::synced);
  }

  @Override
  public Optional<MapwrightInstance> instance(ResourceID id) {
    return instances.get(id);
  }

  @Override
  public Optional<OriginPolicy> policy(String namespace, String name) {
    return policies.get(new ResourceID(name, namespace));
  }

  @Override
  public List<ApiKey> keysOf(ResourceID instance) {
    return keys.byIndex(BY_INSTANCE, instance.toString());
  }

  @Override
  public List<ApiKey> keysWith(String namespace, String policy) {
    return keys.byIndex(BY_POLICY, namespace + "/" + policy);
  }

  @Override
  public List<ApiKey> keysGiving(String digest) {
    return keys.byIndex(BY_DIGEST, digest);
  }

  private static final class FeedingSource<R extends HasMetadata>
      extends InformerEventSource<R, MapwrightInstance> {
    private final Consumer<R> put;
    private final Consumer<R> removed;

    FeedingSource(
        Class<R> kind,
        EventSourceContext<MapwrightInstance> context,
        Consumer<R> put,
        Consumer<R> removed) {
      super(
          InformerEventSourceConfiguration.from(kind, MapwrightInstance.class)
              .withName("keyring-" + kind.getSimpleName())
              .withSecondaryToPrimaryMapper(_ -> Set.of())
              .build(),
          context);
      this.put = put;
      this.removed = removed;
    }

    @Override
    public void onAdd(R added) {
      super.onAdd(added);
      put.accept(added);
    }

    @Override
    public void onUpdate(R before, R now) {
      super.onUpdate(before, now);
      put.accept(now);
    }

    @Override
    public void onDelete(R gone, boolean unknown) {
      super.onDelete(gone, unknown);
      removed.accept(gone);
    }
  }
}
