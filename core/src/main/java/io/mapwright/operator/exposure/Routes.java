package io.mapwright.operator.exposure;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReferenceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import io.mapwright.operator.api.v1alpha1.Exposure;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.api.v1alpha1.ParentRef;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routes from outside. They lead to the gateway's TLS port: no plain text inside the cluster. */
public final class Routes {
  /**
   * ingress-nginx uses plain HTTP to backends by default; a user's own annotation takes precedence.
   */
  private static final Map<String, String> TLS_BACKEND =
      Map.of("nginx.ingress.kubernetes.io/backend-protocol", "HTTPS");

  private Routes() {}

  public static Ingress ingress(InstanceInput in) {
    return new IngressBuilder()
        .withMetadata(
            Owned.by(in, Names.server(in.name())).addToAnnotations(own(in, TLS_BACKEND)).build())
        .withNewSpec()
        .withIngressClassName(in.exposure().map(Exposure::ingressClassName).orElse(null))
        .addNewTl()
        .withHosts(in.allHosts())
        .withSecretName(in.tlsSecret())
        .endTl()
        .withRules(in.allHosts().stream().map(host -> rule(in, host)).toList())
        .endSpec()
        .build();
  }

  /** The maximum number of host names in one HTTPRoute (Gateway API v1, spec.hostnames). */
  private static final int HOSTS = 16;

  /** Whether an instance needs that route, counted from 0. */
  public static boolean needed(InstanceInput in, int number) {
    return in.exposureType() == ExposureType.HTTPRoute && in.allHosts().size() > number * HOSTS;
  }

  public static HTTPRoute httpRoute(InstanceInput in, int number) {
    var parents = in.exposure().map(Exposure::parentRefs).orElse(List.of());
    return new HTTPRouteBuilder()
        .withMetadata(
            Owned.by(in, Names.route(in.name(), number))
                .addToAnnotations(own(in, Map.of()))
                .build())
        .withNewSpec()
        .withParentRefs(parents.stream().map(Routes::parent).toList())
        .withHostnames(in.allHosts().stream().skip((long) number * HOSTS).limit(HOSTS).toList())
        .addNewRule()
        .addNewBackendRef()
        .withName(Names.server(in.name()))
        .withPort(443)
        .endBackendRef()
        .endRule()
        .endSpec()
        .build();
  }

  private static io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference parent(
      ParentRef ref) {
    return new ParentReferenceBuilder()
        .withName(ref.name())
        .withNamespace(ref.namespace())
        .withSectionName(ref.sectionName())
        .build();
  }

  private static IngressRule rule(InstanceInput in, String host) {
    return new IngressRuleBuilder()
        .withHost(host)
        .withNewHttp()
        .addNewPath()
        .withPath("/")
        .withPathType("Prefix")
        .withNewBackend()
        .withNewService()
        .withName(Names.server(in.name()))
        .withNewPort()
        .withName("https")
        .endPort()
        .endService()
        .endBackend()
        .endPath()
        .endHttp()
        .build();
  }

  /**
   * The user's annotations override the suggested ones, never those that mark the object as the
   * operator's.
   */
  private static Map<String, String> own(InstanceInput in, Map<String, String> suggested) {
    var all = new HashMap<>(suggested);
    all.putAll(
        Optional.ofNullable(in.spec().exposure()).map(Exposure::annotations).orElse(Map.of()));
    all.remove(Labels.OWNER);
    return all;
  }
}
