package io.mapwright.operator.network;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
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
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.Peer;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestoreSource;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Network policies of an instance: everything is denied, then what is needed is allowed. */
public final class NetworkPolicies {
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  /** Label that Kubernetes sets on the pods of a Job. */
  private static final String JOB = "batch.kubernetes.io/job-name";

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
            .withPorts(operatorPorts(in))
            .build());
    ingress.add(
        new NetworkPolicyIngressRuleBuilder().withFrom(pods(in)).withPorts(lending()).build());
    if (!in.scrapeFrom().isEmpty()) {
      ingress.add(
          new NetworkPolicyIngressRuleBuilder()
              .withFrom(in.scrapeFrom().stream().map(NetworkPolicies::peer).toList())
              .withPorts(tcp(GatewayPorts.DEFAULTS.internal()))
              .build());
    }
    var egress = new ArrayList<>(egress(in, in.egressTo()));
    egress.add(new NetworkPolicyEgressRuleBuilder().withTo(pods(in)).withPorts(lending()).build());
    return policy(in, Names.serverPolicy(in.name()), Component.SERVER, ingress, egress);
  }

  /** The instance's own pods, whose gateways lend each other parts of limits. */
  private static NetworkPolicyPeer pods(InstanceInput in) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(Labels.pods(in.name(), Component.SERVER))
        .endPodSelector()
        .build();
  }

  private static NetworkPolicyPort lending() {
    return tcp(GatewayPorts.DEFAULTS.lending());
  }

  /** For pushes, and for probing whether a new image serves maps. */
  private static List<NetworkPolicyPort> operatorPorts(InstanceInput in) {
    var control = tcp(GatewayPorts.DEFAULTS.control());
    return in.probePaths().isEmpty()
        ? List.of(control)
        : List.of(control, tcp(GatewayPorts.DEFAULTS.internal()));
  }

  /** Jobs reach the repository and the database, and nothing reaches them. */
  public static NetworkPolicy backup(InstanceInput in) {
    var egress = repository(in);
    in.postgres()
        .map(postgres -> Optional.ofNullable(postgres.egressTo()).orElse(in.egressTo()))
        .ifPresent(peers -> egress.addAll(egress(in, peers)));
    return policy(in, Names.backup(in.name()), Component.BACKUP, List.of(), egress);
  }

  /** A drill reaches nothing, so that a restored server has no external effects. */
  public static NetworkPolicy drill(InstanceInput in) {
    return policy(in, Names.drill(in.name()), Component.DRILL, List.of(), List.of());
  }

  /**
   * While it reads the repository, and nothing else runs in it, it may reach the repository. Its
   * server starts only after it has verified that this access is gone.
   */
  public static NetworkPolicy drillFetch(InstanceInput in) {
    var policy =
        policy(in, Names.drillFetch(in.name()), Component.DRILL, List.of(), repository(in));
    policy
        .getSpec()
        .getPodSelector()
        .setMatchExpressions(
            List.of(
                new LabelSelectorRequirement(
                    JOB, "In", in.fetchingDrills().stream().sorted().toList())));
    return policy;
  }

  /** Whether a running drill needs access to the repository. */
  public static boolean drillFetches(InstanceInput in) {
    return in.runsDrills() && !in.fetchingDrills().isEmpty() && !repository(in).isEmpty();
  }

  private static List<NetworkPolicyEgressRule> repository(InstanceInput in) {
    var egress = new ArrayList<NetworkPolicyEgressRule>();
    var chosen = in.backup().map(Backup::egressTo).orElse(List.of());
    egress.addAll(egress(in, chosen));
    if (chosen.isEmpty()) {
      var places = repositories(in).flatMap(place -> place(place).stream()).distinct().toList();
      if (places.stream().anyMatch(place -> place.address().isEmpty())) {
        egress.addAll(dns(in));
      }
      places.forEach(place -> egress.add(place.rule()));
    }
    return egress;
  }

  /** The peer of a repository: a host name allows any address, an IP address only itself. */
  private record Place(Optional<String> address, int port) {
    static Place of(String host, int port) {
      try {
        var literal = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
        return new Place(
            Optional.of(
                literal.getHostAddress() + (literal instanceof Inet6Address ? "/128" : "/32")),
            port);
      } catch (IllegalArgumentException name) {
        return new Place(Optional.empty(), port);
      }
    }

    NetworkPolicyEgressRule rule() {
      var rule = new NetworkPolicyEgressRuleBuilder().withPorts(tcp(port));
      address.ifPresent(cidr ->
          rule.withTo(
              new NetworkPolicyPeerBuilder().withNewIpBlock().withCidr(cidr).endIpBlock().build()));
      return rule.build();
    }
  }

  private static Stream<Repository> repositories(InstanceInput in) {
    return Stream.concat(
        in.backup().map(Backup::repository).stream(),
        in.restore().map(Restore::from).map(RestoreSource::repository).stream());
  }

  private static Optional<Place> place(Repository repository) {
    var sftp = repository.sftp();
    if (sftp != null) {
      return Optional.of(
          Place.of(sftp.host(), Optional.ofNullable(sftp.port()).orElse(Defaults.SFTP_PORT)));
    }
    return url(repository)
        .map(URI::create)
        .map(uri ->
            Place.of(
                Optional.ofNullable(uri.getHost()).orElse(""),
                uri.getPort() > 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443));
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

  private static List<NetworkPolicyEgressRule> egress(InstanceInput in, List<Peer> peers) {
    var rules = new ArrayList<NetworkPolicyEgressRule>();
    if (!peers.isEmpty()) {
      rules.addAll(dns(in));
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

  private static List<NetworkPolicyEgressRule> dns(InstanceInput in) {
    return in.dns().stream()
        .map(resolver ->
            new NetworkPolicyEgressRuleBuilder()
                .withTo(peer(resolver))
                .withPorts(
                    Optional.ofNullable(resolver.ports()).orElse(List.of(53)).stream()
                        .flatMap(number -> Stream.of(port(number, "UDP"), port(number, "TCP")))
                        .toList())
                .build())
        .toList();
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
