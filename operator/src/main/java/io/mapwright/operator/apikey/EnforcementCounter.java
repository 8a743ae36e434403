package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.push.GatewayFleet;
import java.util.Collection;
import java.util.List;

/** Counts the gateways that enforce a state of a key, and tells which keys to count again. */
final class EnforcementCounter {
  private final Keyring keyring;
  private final GatewayFleet fleet;
  private final EnforcementWaiters waiting = new EnforcementWaiters();

  EnforcementCounter(Keyring keyring, GatewayFleet fleet) {
    this.keyring = keyring;
    this.fleet = fleet;
  }

  /**
   * Counts the gateways that enforce a key, and lets the key wait for the others.
   *
   * @param key with the status that will be stored
   */
  Enforcement count(ApiKey key) {
    var instance = Keyring.instanceOf(key);
    var id = NamespacedName.of(key);
    var from = keyring.enforcedFrom(key);
    // Registered before the count: a confirmation that arrives in between would be missed.
    waiting.add(instance, id, from.orElse(0));
    var known = fleet.known(instance);
    var states = states(instance);
    var enforcing =
        from.isEmpty()
            ? 0
            : (int)
                states.stream()
                    .filter(ReplicaState::connected)
                    .filter(s -> s.generation() >= from.getAsLong())
                    .count();
    var enforcement = new Enforcement(known, from.isPresent(), enforcing, states.size());
    if (enforcement.everywhere() && !states.isEmpty()) {
      waiting.remove(instance, id, from.orElse(0));
    }
    return enforcement;
  }

  /** Removes and returns the keys that waited for a generation that the gateways now hold. */
  List<NamespacedName> reached(NamespacedName instance) {
    // An unreachable gateway counts as generation 0; no gateways at all release every key.
    var least =
        states(instance).stream()
            .mapToLong(state -> state.connected() ? state.generation() : 0)
            .min()
            .orElse(Long.MAX_VALUE);
    return waiting.reached(instance, least);
  }

  private Collection<ReplicaState> states(NamespacedName instance) {
    return fleet.states(instance).values();
  }
}
