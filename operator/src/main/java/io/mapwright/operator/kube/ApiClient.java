package io.mapwright.operator.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.plan.PlanRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds the client of the API server, for a start that is quick and small (decision 0041): watches
 * are streams of the connection that all requests share, unless they are too many, only the kinds
 * that the operator watches are known to the client, and how to read them is found out while other
 * things start.
 */
public final class ApiClient {
  /** What is asked for before anything is watched. */
  private static final List<Class<? extends KubernetesResource>> FIRST =
      List.of(Secret.class, APIResourceList.class, SelfSubjectAccessReview.class);

  private ApiClient() {}

  /**
   * Builds a client.
   *
   * @param config where the server is; what the environment says, if nothing else was set
   * @param namespaces the ones that are watched; empty for all
   * @param interceptors of all requests, by name
   */
  public static KubernetesClient of(
      ConfigBuilder config,
      Set<String> namespaces,
      Map<String, ? extends Interceptor> interceptors) {
    var mapper = new ObjectMapper();
    var serialization = serialization(mapper);
    Thread.ofPlatform().name("deserializers").daemon().start(() -> prepare(mapper));
    return new KubernetesClientBuilder()
        .withConfig(config.withOnlyHttpWatches(fitOneConnection(namespaces)).build())
        .withKubernetesSerialization(serialization)
        .withHttpClientBuilderConsumer(http -> {
          http.addOrReplaceInterceptor("watch-text", new WatchText());
          interceptors.forEach(http::addOrReplaceInterceptor);
        })
        .build();
  }

  /**
   * Whether a watch of each kind in each of these namespaces leaves enough for requests: API
   * servers allow a hundred streams of one connection, and Java's client fails beyond instead of
   * opening another.
   */
  private static boolean fitOneConnection(Set<String> namespaces) {
    return namespaces.size() <= 1;
  }

  /**
   * Knows the kinds that events of a watch can bring; the client's own would load all there are.
   */
  static KubernetesSerialization serialization(ObjectMapper mapper) {
    var serialization = new KubernetesSerialization(mapper, false);
    serialization.registerKubernetesResource(Status.class);
    watched().forEach(serialization::registerKubernetesResource);
    return serialization;
  }

  /** All kinds that are ever watched. */
  static Stream<Class<? extends KubernetesResource>> watched() {
    return Stream.concat(
        Stream.of(
            MapwrightInstance.class, ApiKey.class, OriginPolicy.class, Namespace.class, Pod.class),
        InstancePlan.rows().stream()
            .<Class<? extends KubernetesResource>>map(PlanRow::kind)
            .distinct());
  }

  /** Has the mapper look at classes that it would look at later, when the start waits for it. */
  private static void prepare(ObjectMapper mapper) {
    Stream.concat(FIRST.stream(), watched()).forEach(mapper::readerFor);
  }
}
