package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/**
 * Starts passes for reasons that are no watch events: a gateway that answered, a kind that
 * appeared. Before its source is registered it does nothing, as there is nobody to wake.
 */
public final class Nudges<P extends HasMetadata> {
  private final SimpleInboundEventSource<P> source;
  private volatile java.util.Optional<IndexerResourceCache<P>> cache = java.util.Optional.empty();

  public Nudges(String name) {
    source = new SimpleInboundEventSource<>(name);
  }

  /** Returns the source to register, which then wakes objects of this cache. */
  public SimpleInboundEventSource<P> source(IndexerResourceCache<P> objects) {
    cache = java.util.Optional.of(objects);
    return source;
  }

  /** Wakes one object; the text is namespace/name. */
  public void one(String namespaceAndName) {
    var slash = namespaceAndName.indexOf('/');
    one(
        new ResourceID(
            namespaceAndName.substring(slash + 1), namespaceAndName.substring(0, slash)));
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
