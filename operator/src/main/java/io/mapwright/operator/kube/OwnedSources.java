package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The operator's view of the objects that it created: one informer per kind, limited to the
 * operator's label. Secrets are read by name instead, see {@link InstanceSecrets}.
 */
public final class OwnedSources {
  private final Map<Class<?>, InformerEventSource<?, MapwrightInstance>> sources =
      new ConcurrentHashMap<>();
  private final InstanceSecrets secrets;
  private final Set<String> namespaces;

  /**
   * Makes one without sources.
   *
   * @param namespaces namespaces to watch, now or later; empty for all
   */
  public OwnedSources(InstanceSecrets secrets, Set<String> namespaces) {
    this.secrets = secrets;
    this.namespaces = namespaces;
  }

  /** Creates the source of a kind; the caller registers it with the controller. */
  public <R extends HasMetadata> InformerEventSource<R, MapwrightInstance> create(
      Class<R> kind, EventSourceContext<MapwrightInstance> context) {
    var configuration =
        TrimmedStore.of(
                InformerEventSourceConfiguration.from(kind, MapwrightInstance.class),
                namespaces,
                kind.equals(Pod.class)
                    ? ManagedFieldsTrimmer::<R>removeAll
                    : ManagedFieldsTrimmer::<R>keepOwn)
            .withName(kind.getSimpleName())
            .withLabelSelector(Labels.SELECTOR)
            .withSecondaryToPrimaryMapper(OwnedSources::owners)
            .build();
    var source = new InformerEventSource<R, MapwrightInstance>(configuration, context);
    sources.put(kind, source);
    return source;
  }

  public void forget(Class<?> kind) {
    sources.remove(kind);
  }

  /** Whether objects of a kind are watched or read by name. */
  public boolean knows(Class<?> kind) {
    return watches(kind) || kind.equals(Secret.class);
  }

  public boolean watches(Class<?> kind) {
    return sources.containsKey(kind);
  }

  @SuppressWarnings("unchecked") // the map is filled by create() alone, which pairs them
  public <R extends HasMetadata> InformerEventSource<R, MapwrightInstance> of(Class<R> kind) {
    var source = sources.get(kind);
    if (source == null) {
      throw new IllegalStateException("no source for " + kind.getSimpleName());
    }
    return (InformerEventSource<R, MapwrightInstance>) source;
  }

  /**
   * Finds a watched object.
   *
   * @throws IllegalArgumentException for Secrets, which are read by name instead
   */
  public <R extends HasMetadata> Optional<R> find(Class<R> kind, String namespace, String name) {
    if (kind.equals(Secret.class)) {
      throw new IllegalArgumentException("Secrets are not watched");
    }
    return watches(kind) ? of(kind).get(new ResourceID(name, namespace)) : Optional.empty();
  }

  /** The known object with the name of a desired one. */
  <R extends HasMetadata> Optional<R> known(Class<R> kind, R desired) {
    var id = ResourceID.fromResource(desired);
    return kind.equals(Secret.class)
        ? secrets.read(instanceOf(desired), id.getName()).map(kind::cast)
        : of(kind).get(id);
  }

  /**
   * Remembers a write until the watch delivers it.
   *
   * @param before empty if the object is new
   */
  <R extends HasMetadata> void remember(Class<R> kind, R written, Optional<R> before) {
    if (written instanceof Secret secret) {
      secrets.remember(instanceOf(secret), secret);
      return;
    }
    var id = ResourceID.fromResource(written);
    before.ifPresentOrElse(
        old -> of(kind).handleRecentResourceUpdate(id, written, old),
        () -> of(kind).handleRecentResourceCreate(id, written));
  }

  /** A write of the desired object conflicted with the known version. */
  void outdated(HasMetadata desired) {
    if (desired instanceof Secret) {
      secrets.outdated(instanceOf(desired), desired.getMetadata().getName());
    }
  }

  /** Whether a source has listed all there is. */
  public static boolean synced(InformerEventSource<?, ?> source) {
    return source.informerHealthIndicators().values().stream()
        .allMatch(InformerHealthIndicator::hasSynced);
  }

  static NamespacedName instanceOf(HasMetadata object) {
    return owner(object)
        .orElseThrow(() -> new IllegalArgumentException("every owned object names its instance"));
  }

  private static Set<ResourceID> owners(HasMetadata object) {
    return owner(object).stream()
        .map(SharedCache::resourceId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The owner's whole name is in an annotation: labels are too short for some names. */
  private static Optional<NamespacedName> owner(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(Labels.OWNER))
        .map(owner -> new NamespacedName(object.getMetadata().getNamespace(), owner));
  }
}
