package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.ControlPlane;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.Monitoring;
import io.mapwright.operator.api.v1alpha1.Network;
import io.mapwright.operator.api.v1alpha1.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may reach the pods of an instance and whom they may reach, with defaults. */
public interface NetworkInput {
  MapwrightInstanceSpec spec();

  /**
   * Addresses that the console answers. Without a word on them it takes a client certificate: a
   * Host header alone, which anybody can send, opens nothing.
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
   * Resolvers that pods may ask. Port 53 of any address would be a way out for anyone who runs a
   * resolver of their own.
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

  /** Where nearly all clusters have theirs: kube-dns or CoreDNS, and the cache on each node. */
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
