package io.mapwright.operator.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/**
 * An API server of its own, for what belongs to the whole cluster and would disturb other tests. It
 * is as strict with owner references as OpenShift.
 */
final class ChartServer implements AutoCloseable {
  static final String OPERATOR = "system:serviceaccount:" + Chart.NAMESPACE + ":mapwright-operator";

  private final KubeAPIServer server;
  private final Config config;
  private final KubernetesClient admin;

  private ChartServer(KubeAPIServer server) {
    this.server = server;
    config = Config.fromKubeconfig(server.getKubeConfigYaml());
    admin = new KubernetesClientBuilder().withConfig(config).build();
  }

  static ChartServer start() throws IOException {
    var folder = System.getProperty("mapwright.assets", "");
    Assumptions.assumeFalse(folder.isEmpty(), "no API server: see -Dmapwright.assets");
    var server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withTestDir(folder)
                .withApiServerVersion(version(Path.of(folder)))
                .withWaitForEtcdHealthCheckOnStartup(true)
                .withStartupTimeout(120_000)
                .withUpdateKubeConfig(false)
                .withApiServerFlag(
                    "--enable-admission-plugins", "OwnerReferencesPermissionEnforcement")
                .build());
    server.start();
    return new ChartServer(server);
  }

  KubernetesClient admin() {
    return admin;
  }

  /** A client with the rights of somebody else. */
  KubernetesClient as(String user, Interceptor... interceptors) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(config)
                .withImpersonateUsername(user)
                .withImpersonateGroups("system:authenticated", "system:serviceaccounts")
                .withRequestRetryBackoffLimit(0)
                .build())
        .withHttpClientBuilderConsumer(builder ->
            List.of(interceptors)
                .forEach(one -> builder.addOrReplaceInterceptor("test-" + one.hashCode(), one)))
        .build();
  }

  void namespace(String name, Map<String, String> labels) {
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  /** Installs some of the objects of a chart. */
  void install(List<JsonNode> chart, Predicate<String> kinds) {
    chart.stream()
        .filter(object -> kinds.test(object.path("kind").asText()))
        .forEach(object -> admin.resource(object.toString()).serverSideApply());
  }

  private static String version(Path assets) throws IOException {
    try (var versions = Files.list(assets.resolve("k8s"))) {
      var name = versions.map(folder -> folder.getFileName().toString()).sorted().findFirst();
      return name.map(n -> n.substring(0, n.indexOf('-'))).orElseThrow();
    }
  }

  @Override
  public void close() {
    admin.close();
    server.stop();
  }
}
