package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.push.GatewayFleet;
import java.util.Collection;
import java.util.List;

/** Counts the gateways that enforce a state of a key, and says when to count again. */
final class EnforcementCounter {
  private final Keyring keyring;
  private final GatewayFleet fleet;
  private final EnforcementWaiters waiting = new EnforcementWaiters();

  EnforcementCounter(Keyring keyring, GatewayFleet fleet) {
    this.keyring = keyring;
    this.fleet = fleet;
  }

  /**
   * Counts those that enforce a key, which waits for the others.
   *
   * @param key with the status that is to be stored
   */
  Enforcement count(ApiKey key) {
    var instance = Keyring.instanceOf(key);
    var id = NamespacedName.of(key);
    var from = keyring.enforcedFrom(key);
    // Before the look: a gateway that answers between look and wait would go unheard.
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

  /** Takes out and returns the keys of an instance that have waited for what its gateways hold. */
  List<NamespacedName> reached(NamespacedName instance) {
    // One that is out of reach enforces nothing as far as we know; none at all is news too.
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
