package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import java.util.List;

/**
 * Listens to changes of an instance's gateways, on threads of the fleet; a burst is reported once.
 */
public interface FleetListener {

  FleetListener NONE = new FleetListener() {};

  /** A gateway was added or removed, or its reachability changed. */
  default void reachabilityChanged(NamespacedName instance) {}

  /** A gateway holds a newer generation of the table. */
  default void progressed(NamespacedName instance) {}

  /** One gateway admitted these keys since its last poll; called for each poll. */
  default void used(NamespacedName instance, List<KeyUse> uses) {}
}
