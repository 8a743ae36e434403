package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.seal.TrustedStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one of the operator's own kinds, watched once: the primary cache of its controller,
 * shared with all other readers and listeners. Listeners receive every event, including those that
 * trigger no pass.
 */
public final class SharedCache<P extends HasMetadata> {
  /** Maximum length of a restore id in an annotation. */
  private static final int LONGEST_ID = 256;

  private final Source source;
  private final Set<String> namespaces;
  private final TrustedStatus trusted;
  private final Set<String> joining = ConcurrentHashMap.newKeySet();
  private final RevokedDigestBudget budget = new RevokedDigestBudget();
  private volatile @Nullable IndexerResourceCache<P> cache;

  /** All listeners in order; empty before the cache is registered. */
  private volatile List<Listener<P>> listeners = List.of();

  private volatile @Nullable RegisteredController<P> controller;

  /** Only if objects are cached before they are checked. */
  private volatile @Nullable ApiKeyCloner copies;

  /** Called for each change after the cache has it, on the informer's thread: must not block. */
  public interface Listener<P> {
    /**
     * An object changed.
     *
     * @param before null if it is new
     * @param now null if it is gone
     */
    void changed(@Nullable P before, @Nullable P now);
  }

  /**
   * Creates the cache of a kind.
   *
   * @param namespaces namespaces to watch, now or later; empty for all
   * @param trusted checks each status before anybody sees it
   */
  public SharedCache(String name, Set<String> namespaces, TrustedStatus trusted) {
    source = new Source(name);
    this.namespaces = namespaces;
    this.trusted = trusted;
  }

  /**
   * Registers the kind's controller with a store of trimmed and checked objects.
   *
   * @param first namespaces that are watched from the start
   * @param listeners called for each change, in this order, even if an earlier one fails
   */
  public void register(
      Operator operator, Reconciler<P> reconciler, Set<String> first, List<Listener<P>> listeners) {
    this.listeners = List.copyOf(listeners);
    controller = operator.register(reconciler, overrider -> store(overrider, first));
  }

  private void store(ControllerConfigurationOverrider<P> overrider, Set<String> first) {
    if (!first.isEmpty()) {
      overrider.settingNamespaces(first);
    }
    if (TrimmedStore.possible(namespaces)) {
      overrider.withItemStore(new Store());
    }
    overrider.withInformerListLimit(TrimmedStore.PAGE);
  }

  /** Called by the kind's reconciler; returns the source to register. */
  public EventSource<?, P> attach(
      EventSourceContext<P> context, Map<String, Function<P, List<String>>> indexers) {
    var primary = context.getPrimaryCache();
    if (TrimmedStore.possible(namespaces)) {
      primary.addIndexers(indexers);
    } else {
      var cloner = new ApiKeyCloner(context.getClient());
      copies = cloner;
      primary.addIndexers(ofTrusted(indexers, cloner));
    }
    cache = primary;
    return source;
  }

  /** If objects are cached as they arrive, they are indexed before their event checks them. */
  private Map<String, Function<P, List<String>>> ofTrusted(
      Map<String, Function<P, List<String>>> indexers, ApiKeyCloner cloner) {
    return indexers.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    object -> {
                      var copy = cloner.clone(object);
                      trusted.check(copy, null);
                      return entry.getValue().apply(copy);
                    }));
  }

  public Optional<P> get(NamespacedName id) {
    var known = cache;
    return known == null ? Optional.empty() : known.get(resourceId(id)).map(this::judged);
  }

  public List<P> byIndex(String index, String value) {
    var known = cache;
    return known == null
        ? List.of()
        : known.byIndex(index, value).stream().map(this::judged).toList();
  }

  public Stream<P> list() {
    var known = cache;
    return known == null ? Stream.empty() : known.list().map(this::judged);
  }

  /** An object that has just arrived is not trusted until its event has checked it. */
  private P judged(P object) {
    var cloner = copies;
    if (cloner == null || trusted.judged(object)) {
      return object;
    }
    var copy = cloner.clone(object);
    trusted.check(copy, null);
    return copy;
  }

  /** Whether the informers that were started first have synced. */
  public boolean synced() {
    return source.isRunning() && listed(namespace -> !joining.contains(namespace));
  }

  /**
   * Watches more namespaces than before, and waits until they are synced, with the same timeout as
   * at startup.
   *
   * @param all namespaces, including the former ones
   * @return whether they are synced
   */
  public boolean join(Set<String> all) {
    joining.addAll(all);
    if (cache instanceof InformerWrappingEventSourceHealthIndicator<?> health) {
      joining.removeAll(health.informerHealthIndicators().keySet());
    }
    Objects.requireNonNull(controller, "registered").changeNamespaces(all);
    return listed(all::contains);
  }

  private boolean listed(Predicate<String> namespaces) {
    return cache instanceof InformerWrappingEventSourceHealthIndicator<?> health
        && health.informerHealthIndicators().entrySet().stream()
            .filter(informer -> namespaces.test(informer.getKey()))
            .allMatch(informer -> informer.getValue().hasSynced());
  }

  /** Triggers a pass without an event of the watch. */
  public void requeue(NamespacedName id) {
    source.propagateEvent(resourceId(id));
  }

  /** The name in the form of the framework. */
  static ResourceID resourceId(NamespacedName id) {
    return new ResourceID(id.name(), id.namespace());
  }

  /** Triggers a pass over every listed object. */
  public void requeueAll() {
    list().map(NamespacedName::of).forEach(this::requeue);
  }

  private final class Source extends SimpleInboundEventSource<P> implements ResourceEventAware<P> {
    Source(String name) {
      super(name);
    }

    @Override
    public void onResourceCreated(P made) {
      receive(made, null);
      deliver(listeners, null, made);
    }

    @Override
    public void onResourceUpdated(P now, P before) {
      receive(now, before);
      deliver(listeners, before, now);
    }

    @Override
    public void onResourceDeleted(P gone) {
      budget.release(NamespacedName.of(gone));
      deliver(listeners, gone, null);
    }
  }

  /** Calls all listeners even if one fails, and then throws their exceptions. */
  static <P> void deliver(List<Listener<P>> listeners, @Nullable P before, @Nullable P now) {
    var failures = new ArrayList<RuntimeException>();
    for (var listener : listeners) {
      try {
        listener.changed(before, now);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      var first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  /** The item store of the informer. */
  private final class Store extends TransformingItemStore<P> {
    Store() {
      super(SharedCache.this::trim);
    }

    @Override
    public @Nullable P put(String key, P now) {
      trusted.check(now, get(key));
      return super.put(key, now);
    }
  }

  private void receive(P now, @Nullable P before) {
    // The framework triggers no pass for a change of the status alone.
    if (trusted.check(now, before)) {
      requeue(NamespacedName.of(now));
    }
    trim(now);
  }

  /**
   * Removes from an object what is never read: managed fields, labels, and annotations of others.
   * They take more memory than all the rest, and anybody can make them arbitrarily large.
   */
  P trim(P object) {
    var meta = object.getMetadata();
    meta.setManagedFields(List.of());
    meta.setLabels(Map.of());
    meta.setAnnotations(annotations(object));
    if (object instanceof ApiKey key && key.getStatus() != null) {
      Optional.ofNullable(key.getStatus().conditions())
          .ifPresent(conditions -> conditions.forEach(SharedCache::internStrings));
    }
    return object;
  }

  /** The annotations of an ApiKey that are read; other kinds have none. */
  private Map<String, String> annotations(P object) {
    var kept = new HashMap<String, String>();
    if (object instanceof ApiKey key) {
      var all = Optional.ofNullable(key.getMetadata().getAnnotations()).orElse(Map.of());
      var restore = all.get(Labels.RESTORE_KEYS);
      if (restore != null && restore.length() <= LONGEST_ID) {
        kept.put(Labels.RESTORE_KEYS, restore);
      }
      var cutDigests = cutDigests(key);
      if (!cutDigests.isEmpty()) {
        kept.put(Labels.CUT_DIGESTS, cutDigests);
      }
    }
    return kept;
  }

  /** Digests that are in the status are not stored twice. */
  private String cutDigests(ApiKey key) {
    var stored =
        Optional.ofNullable(key.getStatus())
            .map(ApiKeyStatus::retired)
            .map(Set::copyOf)
            .orElse(Set.of());
    var added = RevokedDigests.of(key).stream().filter(digest -> !stored.contains(digest)).toList();
    var fits = budget.take(NamespacedName.of(key), stored.size(), added.size());
    return fits && !RevokedDigests.unread(key)
        ? RevokedDigests.annotation(added)
        : RevokedDigests.UNREAD;
  }

  /** Thousands of keys have the same conditions: their strings are interned. */
  private static void internStrings(Condition condition) {
    condition.setType(intern(condition.getType()));
    condition.setStatus(intern(condition.getStatus()));
    condition.setReason(intern(condition.getReason()));
    condition.setMessage(intern(condition.getMessage()));
    condition.setLastTransitionTime(intern(condition.getLastTransitionTime()));
  }

  private static @Nullable String intern(@Nullable String text) {
    return text == null ? null : text.intern();
  }
}
