package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Optional;

/**
 * Starts passes for reasons that are no watch events: a gateway that answered, a kind that
 * appeared. Before its source is registered it does nothing, as there is nobody to wake.
 */
public final class Nudges<P extends HasMetadata> {
  private final SimpleInboundEventSource<P> source;
  private volatile Optional<IndexerResourceCache<P>> cache = Optional.empty();

  public Nudges(String name) {
    source = new SimpleInboundEventSource<>(name);
  }

  /** Returns the source to register, which then wakes objects of this cache. */
  public SimpleInboundEventSource<P> source(IndexerResourceCache<P> objects) {
    cache = Optional.of(objects);
    return source;
  }

  /** Reads namespace/name. */
  public static ResourceID id(String namespaceAndName) {
    var slash = namespaceAndName.indexOf('/');
    return new ResourceID(
        namespaceAndName.substring(slash + 1), namespaceAndName.substring(0, slash));
  }

  public void one(ResourceID id) {
    if (cache.isPresent() && source.isRunning()) {
      source.propagateEvent(id);
    }
  }

  public void all() {
    cache.ifPresent(objects -> objects.list().map(ResourceID::fromResource).forEach(this::one));
  }
}
