package io.mapwright.operator.push;

import io.mapwright.operator.model.ReplicaState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The channels to all replicas of one instance. */
final class InstanceChannels {

  private final FleetContext fleet;
  private final Map<String, DesiredCertificate> certificates = new ConcurrentHashMap<>();
  private final Map<String, Channels> replicas = new HashMap<>();
  private volatile Terms terms = Terms.DEFAULTS;
  private @Nullable FollowedInstance followed;

  InstanceChannels(FleetContext fleet) {
    this.fleet = fleet;
  }

  /**
   * Follows exactly these.
   *
   * @param now the new terms; replicas that cannot be followed yet also take a share
   */
  synchronized void follow(FollowedInstance instance, Set<ReplicaEndpoint> endpoints, Terms now) {
    if (!terms.equals(now)) {
      terms = now;
      replicas.values().forEach(channels -> channels.table().recheck());
    }
    if (followed == null || !followed.sameAs(instance)) {
      closeAll();
      followed = instance;
    }
    var before = Map.copyOf(replicas);
    before.forEach((uid, channels) -> {
      if (!endpoints.contains(channels.table().endpoint())) {
        channels.close();
        replicas.remove(uid);
      }
    });
    for (var endpoint : endpoints) {
      replicas.computeIfAbsent(endpoint.podUid(), uid -> open(instance, endpoint));
    }
    if (!before.keySet().equals(replicas.keySet())) {
      fleet.listener().reachabilityChanged(instance.name());
    }
  }

  private Channels open(FollowedInstance instance, ReplicaEndpoint endpoint) {
    var certificateChannel = new CertificateChannel(instance, endpoint, fleet, certificates);
    var replica =
        new GatewayReplica(instance, endpoint, fleet, () -> terms, certificateChannel::recheck);
    var use = new UseChannel(instance, endpoint, fleet);
    certificateChannel.start();
    replica.start();
    use.start();
    return new Channels(replica, certificateChannel, use);
  }

  synchronized void serve(String path, DesiredCertificate certificate) {
    if (!certificate.equals(certificates.put(path, certificate))) {
      replicas.values().forEach(channels -> channels.certificates().recheck());
    }
  }

  synchronized Map<String, ReplicaState> states() {
    var states = new HashMap<String, ReplicaState>();
    replicas.forEach((uid, channels) -> states.put(uid, channels.table().state()));
    return Map.copyOf(states);
  }

  synchronized Map<String, Map<String, CertificateState>> certificateStates() {
    var states = new HashMap<String, Map<String, CertificateState>>();
    replicas.forEach((uid, channels) -> states.put(uid, channels.certificates().states()));
    return Map.copyOf(states);
  }

  synchronized void closeAll() {
    replicas.values().forEach(Channels::close);
    replicas.clear();
  }

  private record Channels(GatewayReplica table, CertificateChannel certificates, UseChannel use) {
    void close() {
      table.close();
      certificates.close();
      use.close();
    }
  }
}
