package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.ControlPlane;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.Monitoring;
import io.mapwright.operator.api.v1alpha1.Network;
import io.mapwright.operator.api.v1alpha1.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What may connect to the pods of an instance and what they may connect to, with defaults. */
public interface NetworkInput {
  MapwrightInstanceSpec spec();

  /**
   * Addresses that may use the console. Without any it requires a client certificate: a Host header
   * alone, which anybody can send, grants no access.
   */
  default List<String> consoleCidrs() {
    var control = Optional.ofNullable(spec().controlPlane());
    return control
        .map(ControlPlane::allowedCidrs)
        .orElseGet(() ->
            control.map(ControlPlane::clientCa).isPresent()
                ? List.of("0.0.0.0/0", "::/0")
                : List.of());
  }

  default List<Peer> ingressFrom() {
    return Optional.ofNullable(spec().network()).map(Network::ingressFrom).orElse(List.of());
  }

  /**
   * Resolvers that pods may query. Allowing port 53 of any address would let anyone with their own
   * resolver exfiltrate data.
   */
  default List<Peer> dns() {
    return Optional.ofNullable(spec().network())
        .map(Network::dns)
        .orElseGet(NetworkInput::clusterDns);
  }

  default List<Peer> egressTo() {
    return Optional.ofNullable(spec().network()).map(Network::egressTo).orElse(List.of());
  }

  default List<Peer> scrapeFrom() {
    return Optional.ofNullable(spec().monitoring()).map(Monitoring::scrapeFrom).orElse(List.of());
  }

  default boolean monitored() {
    return spec().monitoring() != null && spec().monitoring().serviceMonitor() != null;
  }

  /** The resolvers of nearly all clusters: kube-dns or CoreDNS, and the node-local cache. */
  private static List<Peer> clusterDns() {
    return List.of(
        new Peer(
            null,
            Map.of("kubernetes.io/metadata.name", "kube-system"),
            Map.of("k8s-app", "kube-dns"),
            null),
        new Peer("169.254.20.10/32", null, null, null));
  }
}
