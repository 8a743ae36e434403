package io.mapwright.operator.kube;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.model.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real API server (with etcd, without any controller) for all tests of a run, with the
 * operator's CRDs in it. Its programs are in the folder that {@code -Dmapwright.assets} names.
 */
public final class ApiServer implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ApiServer.class);
  private static final Path CRDS = Path.of("..", "crds");

  @Override
  public void beforeAll(ExtensionContext context) {
    Assumptions.assumeFalse(
        System.getProperty("mapwright.assets", "").isEmpty(),
        "no API server: name the folder of its programs in -Dmapwright.assets");
    running(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running(context);
  }

  private static Running running(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(Running.class, _ -> Running.start(), Running.class);
  }

  /** The server while it runs. */
  public static final class Running implements AutoCloseable {
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final KubeAPIServer server;
    private final Config config;
    private final KubernetesClient admin;

    private Running(KubeAPIServer server) {
      this.server = server;
      config = Config.fromKubeconfig(server.getKubeConfigYaml());
      admin = new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Running start() {
      var assets = Path.of(System.getProperty("mapwright.assets", ""));
      var server =
          new KubeAPIServer(
              KubeAPIServerConfigBuilder.anAPIServerConfig()
                  .withOfflineMode(true)
                  .withTestDir(assets.toString())
                  .withApiServerVersion(version(assets))
                  .withWaitForEtcdHealthCheckOnStartup(true)
                  .withStartupTimeout(120_000)
                  .withUpdateKubeConfig(false)
                  .build());
      server.start();
      var running = new Running(server);
      crds().forEach(running::install);
      running.make(Given.SETTINGS.namespace());
      return running;
    }

    /** Programs lie in {@code <folder>/k8s/<version>-<os>-<architecture>}. */
    private static String version(Path assets) {
      try (var versions = Files.list(assets.resolve("k8s"))) {
        return versions
            .map(folder -> folder.getFileName().toString())
            .sorted()
            .findFirst()
            .map(name -> name.substring(0, name.indexOf('-')))
            .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public KubernetesClient admin() {
      return admin;
    }

    /** For a process that reaches the server by itself. */
    public String kubeconfig() {
      return server.getKubeConfigYaml();
    }

    /** A client of its own, so that a test may close it or let it fail. */
    public KubernetesClient client(Interceptor... interceptors) {
      return client(config, interceptors);
    }

    /** A client of an operator that watches these namespaces. */
    public KubernetesClient watching(Set<String> namespaces) {
      return ApiClient.of(new ConfigBuilder(config), namespaces, Map.of());
    }

    /** Something to stand between the server and a client. */
    public FaultProxy faults() {
      return new FaultProxy(config);
    }

    /** A client that acts as somebody else, with that user's rights only. */
    public KubernetesClient as(String user, Interceptor... interceptors) {
      return client(
          new ConfigBuilder(config)
              .withImpersonateUsername(user)
              .withImpersonateGroups("system:authenticated")
              .build(),
          interceptors);
    }

    private static KubernetesClient client(Config config, Interceptor... interceptors) {
      return ApiClient.of(
          new ConfigBuilder(config).withRequestRetryBackoffLimit(0),
          Set.of(),
          Arrays.stream(interceptors)
              .collect(Collectors.toMap(each -> "test-" + each.hashCode(), each -> each)));
    }

    /** Makes a namespace that no other test uses. */
    public String namespace(String prefix) {
      var name = prefix + "-" + NAMESPACES.incrementAndGet();
      make(name);
      return name;
    }

    private void make(String namespace) {
      admin
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
    }

    /** Installs a CRD and waits until the server serves it. */
    public void install(CustomResourceDefinition crd) {
      admin.resource(crd).serverSideApply();
      await("the server serves " + crd.getMetadata().getName())
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(KubernetesClientException.class)
          .until(() -> lists(crd));
    }

    private boolean lists(CustomResourceDefinition crd) {
      var version = crd.getSpec().getVersions().getFirst().getName();
      return admin
              .genericKubernetesResources(
                  crd.getSpec().getGroup() + "/" + version, crd.getSpec().getNames().getKind())
              .inAnyNamespace()
              .list()
          != null;
    }

    /** The operator's own CRDs, as they are committed. */
    public static List<CustomResourceDefinition> crds() {
      try (var files = Files.list(CRDS)) {
        return files.sorted().map(Running::crd).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static CustomResourceDefinition crd(Path file) {
      try {
        return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      admin.close();
      server.stop();
    }
  }
}
