package io.mapwright.operator.instance;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.ServerPods;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.ReplicaEndpoint;
import io.mapwright.operator.push.Terms;
import io.mapwright.operator.table.LiveTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Pushes to the gateways of an instance: the table of keys, the session keys, the certificates.
 * Revocations are pushed even while the spec is invalid or paused.
 */
final class GatewayPush {
  private final GatewayFleet fleet;
  private final Clock clock;
  private final SecureRandom random;

  GatewayPush(GatewayFleet fleet, Clock clock, SecureRandom random) {
    this.fleet = fleet;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes the fleet follow the instance.
   *
   * @param stored what the Secrets certainly contain: a gateway that trusts an authority that was
   *     never stored would be unreachable after a restart
   */
  void push(
      InstanceFacts facts,
      MapwrightInstance instance,
      ServerPods pods,
      GeneratedSecrets stored,
      LiveTable table,
      Keyring keyring) {
    if (SecretGenerator.usable(stored.sessions())) {
      keyring.sessions(instance, stored.sessions());
    }
    var id = NamespacedName.of(instance);
    var control = stored.control();
    ControlCa.load(
            control.getOrDefault("ca.crt", ""), control.getOrDefault("ca.key", ""), clock, random)
        .ifPresent(ca -> {
          var name = SecretGenerator.serverName(instance.getMetadata().getUid());
          fleet.follow(
              id,
              table,
              new ControlCredentials(ca, name, clock),
              endpoints(pods),
              new Terms(pods.sharing(), facts.in().tableMaxAge(), pods.lenders()));
          pushControl(id, control);
        });
    if (facts.certificate().flatMap(pair -> pair.problem(facts.now())).isEmpty()) {
      facts
          .certificatePem()
          .ifPresent(pem -> fleet.pushCertificate(id, GatewayPaths.DEFAULTS.certificate(), pem));
    }
  }

  private static Set<ReplicaEndpoint> endpoints(ServerPods pods) {
    return pods.reachable().stream()
        .map(pod ->
            new ReplicaEndpoint(
                pod.getMetadata().getUid(),
                pod.getMetadata().getName(),
                pod.getStatus().getPodIP(),
                GatewayPorts.DEFAULTS.control()))
        .collect(Collectors.toSet());
  }

  /**
   * The gateways' certificate for the channel itself, which they read from a file only at startup.
   */
  private void pushControl(NamespacedName instance, Map<String, String> control) {
    var certificate = control.getOrDefault("tls.crt", "");
    var privateKey = control.getOrDefault("tls.key", "");
    if (CertificatePair.of(certificate, privateKey).problem(clock.instant()).isEmpty()) {
      fleet.pushCertificate(
          instance, GatewayPaths.DEFAULTS.controlCertificate(), certificate + "\n" + privateKey);
    }
  }
}
