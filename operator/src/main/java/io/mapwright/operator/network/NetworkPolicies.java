package io.mapwright.operator.network;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.mapwright.operator.api.v1alpha1.Peer;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network policies of an instance: everything is cut, then what is needed is allowed. */
public final class NetworkPolicies {
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  private NetworkPolicies() {}

  public static NetworkPolicy denyAll(InstanceInput in) {
    return new NetworkPolicyBuilder()
        .withMetadata(Owned.by(in, Names.denyAll(in.name())).build())
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Map.of(Labels.INSTANCE, Names.label(in.name())))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .endSpec()
        .build();
  }

  /** The gateway's ports for those who need them; the server's own port for nobody. */
  public static NetworkPolicy server(InstanceInput in) {
    var ingress = new ArrayList<NetworkPolicyIngressRule>();
    ingress.add(
        new NetworkPolicyIngressRuleBuilder()
            .withFrom(in.ingressFrom().stream().map(NetworkPolicies::peer).toList())
            .withPorts(tcp(GatewayPorts.DEFAULTS.https()), tcp(GatewayPorts.DEFAULTS.http()))
            .build());
    ingress.add(
        new NetworkPolicyIngressRuleBuilder()
            .withFrom(operator(in))
            .withPorts(tcp(GatewayPorts.DEFAULTS.control()))
            .build());
    if (!in.scrapeFrom().isEmpty()) {
      ingress.add(
          new NetworkPolicyIngressRuleBuilder()
              .withFrom(in.scrapeFrom().stream().map(NetworkPolicies::peer).toList())
              .withPorts(tcp(GatewayPorts.DEFAULTS.internal()))
              .build());
    }
    return policy(
        in, Names.serverPolicy(in.name()), Component.SERVER, ingress, egress(in.egressTo()));
  }

  /** The backup reaches its repository, and nothing reaches the backup. */
  public static NetworkPolicy backup(InstanceInput in) {
    var backup = in.backup().orElseThrow();
    var chosen = Optional.ofNullable(backup.egressTo()).orElse(List.of());
    var egress = new ArrayList<>(egress(chosen));
    if (chosen.isEmpty()) {
      repositoryPort(backup.repository())
          .ifPresent(port -> {
            egress.add(dns());
            egress.add(new NetworkPolicyEgressRuleBuilder().withPorts(tcp(port)).build());
          });
    }
    return policy(in, Names.backup(in.name()), Component.BACKUP, List.of(), egress);
  }

  private static Optional<Integer> repositoryPort(Repository repository) {
    var sftp = repository.sftp();
    if (sftp != null) {
      return Optional.of(Optional.ofNullable(sftp.port()).orElse(22));
    }
    return url(repository)
        .map(URI::create)
        .map(uri -> uri.getPort() > 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443);
  }

  private static Optional<String> url(Repository repository) {
    var s3 = repository.s3();
    var rest = repository.rest();
    return s3 != null
        ? Optional.of(s3.endpoint())
        : rest != null ? Optional.of(rest.url()) : Optional.empty();
  }

  private static NetworkPolicy policy(
      InstanceInput in,
      String name,
      Component component,
      List<NetworkPolicyIngressRule> ingress,
      List<NetworkPolicyEgressRule> egress) {
    return new NetworkPolicyBuilder()
        .withMetadata(Owned.by(in, name).build())
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.pods(in.name(), component))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(ingress)
        .withEgress(egress)
        .endSpec()
        .build();
  }

  private static NetworkPolicyPeer operator(InstanceInput in) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of(NAMESPACE, in.operator().namespace()))
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(Map.of("app.kubernetes.io/name", Labels.OPERATOR))
        .endPodSelector()
        .build();
  }

  private static List<NetworkPolicyEgressRule> egress(List<Peer> peers) {
    var rules = new ArrayList<NetworkPolicyEgressRule>();
    if (!peers.isEmpty()) {
      rules.add(dns());
    }
    for (var peer : peers) {
      var ports = Optional.ofNullable(peer.ports()).orElse(List.of());
      rules.add(
          new NetworkPolicyEgressRuleBuilder()
              .withTo(peer(peer))
              .withPorts(ports.stream().map(NetworkPolicies::tcp).toList())
              .build());
    }
    return rules;
  }

  /** DNS by port alone: clusters place their resolvers in many namespaces, and on the node. */
  private static NetworkPolicyEgressRule dns() {
    return new NetworkPolicyEgressRuleBuilder().withPorts(port(53, "UDP"), port(53, "TCP")).build();
  }

  private static NetworkPolicyPeer peer(Peer peer) {
    var builder = new NetworkPolicyPeerBuilder();
    if (peer.cidr() != null) {
      return builder.withNewIpBlock().withCidr(peer.cidr()).endIpBlock().build();
    }
    if (peer.namespaceLabels() != null && !peer.namespaceLabels().isEmpty()) {
      builder
          .withNewNamespaceSelector()
          .withMatchLabels(peer.namespaceLabels())
          .endNamespaceSelector();
    }
    if (peer.podLabels() != null || builder.buildNamespaceSelector() == null) {
      builder
          .withNewPodSelector()
          .withMatchLabels(Optional.ofNullable(peer.podLabels()).orElse(Map.of()))
          .endPodSelector();
    }
    return builder.build();
  }

  private static NetworkPolicyPort tcp(int number) {
    return port(number, "TCP");
  }

  private static NetworkPolicyPort port(int number, String protocol) {
    return new NetworkPolicyPortBuilder()
        .withPort(new IntOrString(number))
        .withProtocol(protocol)
        .build();
  }
}
