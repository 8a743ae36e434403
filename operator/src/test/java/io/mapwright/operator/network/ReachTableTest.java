package io.mapwright.operator.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the pages say that pods reach is what the rendered policies let them reach. {@code
 * -Dgolden.update=true} rewrites the table.
 */
class ReachTableTest {
  private static final Path PAGE = Path.of("../docs/network.md");
  private static final String HEAD = "| pods | where | reach |\n|---|---|---|\n";
  private static final Set<String> FETCHING = Set.of("tiles-drill-29383980");

  private static final String REPOSITORY = "server: {image: \"maps:1\", volume: {size: 1Gi}}\n";

  private record Row(
      String pods, String where, String spec, Function<InstanceInput, NetworkPolicy> policy) {

    String line() {
      var in = Given.input(spec).withFetchingDrills(FETCHING);
      var rules = policy.apply(in).getSpec().getEgress();
      var reach =
          rules.isEmpty()
              ? "nothing, not even DNS"
              : rules.stream().map(ReachTableTest::text).collect(Collectors.joining("; "));
      return "| %s | %s | %s |\n".formatted(pods, where, reach);
    }
  }

  private static String base(String server, String more) {
    return "hosts: [maps.example.com]\n" + server + "tls: {issuerRef: {name: ca}}\n" + more;
  }

  private static String backup(String repository, String more) {
    return base(
        REPOSITORY,
        "backup: {schedule: '@daily', drill: {schedule: '@weekly'}, repository: {"
            + repository
            + "}"
            + more
            + "}\n");
  }

  private static final String S3 = "s3: {endpoint: 'https://s3.example.com', bucket: maps}";
  private static final String PEER = "[{cidr: 192.0.2.0/24, ports: [443]}]";

  private static List<Row> rows() {
    return List.of(
        new Row("map server", "nothing is said", Given.SMALLEST, NetworkPolicies::server),
        new Row(
            "map server",
            "`network.egressTo` names 192.0.2.0/24 and port 443",
            Given.SMALLEST + "network: {egressTo: " + PEER + "}\n",
            NetworkPolicies::server),
        new Row(
            "map server",
            "the same, and `network.dns` names 198.51.100.53/32",
            Given.SMALLEST + "network: {egressTo: " + PEER + ", dns: [{cidr: 198.51.100.53/32}]}\n",
            NetworkPolicies::server),
        new Row(
            "backups, checks, restores",
            "the repository is at a name",
            backup(S3, ""),
            NetworkPolicies::backup),
        new Row(
            "backups, checks, restores",
            "the repository is at an address, here 192.0.2.7",
            backup("rest: {url: 'https://192.0.2.7:8000/'}", ""),
            NetworkPolicies::backup),
        new Row(
            "backups, checks, restores",
            "`backup.egressTo` names 192.0.2.0/24 and port 443",
            backup(S3, ", egressTo: " + PEER),
            NetworkPolicies::backup),
        new Row(
            "backups, checks, restores",
            "the repository is a volume",
            backup("volume: {size: 1Gi}", ""),
            NetworkPolicies::backup),
        new Row(
            "drill, while it reads the repository and runs nothing else",
            "the repository is at a name",
            backup(S3, ""),
            NetworkPolicies::drillFetch),
        new Row(
            "drill, from then on: the restored map server",
            "always",
            backup(S3, ", egressTo: " + PEER),
            NetworkPolicies::drill));
  }

  private static String text(NetworkPolicyEgressRule rule) {
    var to =
        rule.getTo().isEmpty()
            ? "any address"
            : rule.getTo().stream().map(ReachTableTest::peer).collect(Collectors.joining(", "));
    var ports =
        rule.getPorts().stream()
            .map(port -> port.getPort().getValue() + "/" + port.getProtocol())
            .collect(Collectors.joining(", "));
    return to + " on " + (ports.isEmpty() ? "any port" : ports);
  }

  private static String peer(NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      return peer.getIpBlock().getCidr();
    }
    return Stream.of(
            labels("pods", peer.getPodSelector()),
            labels("namespaces", peer.getNamespaceSelector()))
        .flatMap(text -> text)
        .collect(Collectors.joining(" of "));
  }

  private static Stream<String> labels(String what, LabelSelector selector) {
    if (selector == null) {
      return Stream.empty();
    }
    var labels =
        selector.getMatchLabels() == null ? Map.<String, String>of() : selector.getMatchLabels();
    return Stream.of(
        what
            + labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> " `" + label.getKey() + "=" + label.getValue() + "`")
                .collect(Collectors.joining()));
  }

  @Test
  void thePageSaysWhatThePoliciesAllow() throws IOException {
    var table = HEAD + rows().stream().map(Row::line).collect(Collectors.joining());
    var page = Files.readString(PAGE);
    if (Boolean.getBoolean("golden.update")) {
      int from = page.indexOf(HEAD);
      int to = page.indexOf("\n\n", from) + 1;
      page = page.substring(0, from) + table + page.substring(to);
      Files.writeString(PAGE, page);
    }
    assertThat(page).as("-Dgolden.update=true rewrites it").contains(table + "\n");
  }

  /** A page that says less than is open is worse than none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../README.md",
        "../docs/recovery.md",
        "../SECURITY.md",
        "../crds/mapwrightinstances.mapwright.io.yaml",
        "../samples/backup-s3/README.md",
        "../samples/backup-rest/README.md",
        "../samples/backup-sftp/README.md"
      })
  void noPagePromisesMore(String page) throws IOException {
    assertThat(Files.readString(Path.of(page)))
        .doesNotContainIgnoringCase("the repository and nothing else")
        .doesNotContainIgnoringCase("the repository alone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../README.md", "../docs/recovery.md"})
  void pagesPointToTheTable(String page) throws IOException {
    assertThat(Files.readString(Path.of(page))).contains("network.md");
  }

  @Test
  void theServerOfADrillReachesNothingWhateverIsSaid() {
    for (var row : rows()) {
      var in = Given.input(row.spec());
      assertThat(NetworkPolicies.drill(in).getSpec().getEgress()).isEmpty();
      assertThat(NetworkPolicies.drill(in).getSpec().getPolicyTypes()).contains("Egress");
    }
  }

  @Test
  void theWayOfADrillIsThereForItsOwnJobWhileItFetches() {
    var quiet = Given.input(backup(S3, ""));
    assertThat(NetworkPolicies.drillFetches(quiet)).isFalse();
    var busy = quiet.withFetchingDrills(FETCHING);
    assertThat(NetworkPolicies.drillFetches(busy)).isTrue();
    assertThat(NetworkPolicies.drillFetch(busy).getSpec().getPodSelector().getMatchExpressions())
        .singleElement()
        .satisfies(expression -> {
          assertThat(expression.getKey()).isEqualTo("batch.kubernetes.io/job-name");
          assertThat(expression.getValues()).containsExactlyElementsOf(FETCHING);
        });
    var volume = Given.input(backup("volume: {size: 1Gi}", "")).withFetchingDrills(FETCHING);
    assertThat(NetworkPolicies.drillFetches(volume)).isFalse();
  }
}
