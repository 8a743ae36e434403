package io.mapwright.operator.push;

import java.util.List;

/** Hears of the gateways of an instance, on threads of the fleet; a burst is reported once. */
public interface FleetListener {

  FleetListener NONE = new FleetListener() {};

  /** A gateway came, went, or answers otherwise than before. */
  default void reachabilityChanged(String instanceKey) {}

  /** A gateway holds a newer generation of the table. */
  default void progressed(String instanceKey) {}

  /** One gateway admitted these keys since its last poll; called for each poll. */
  default void used(String instanceKey, List<KeyUse> uses) {}
}
