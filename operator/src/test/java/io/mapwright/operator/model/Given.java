package io.mapwright.operator.model;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Objects for tests, written as users write them: the spec as YAML. */
public final class Given {
  /** The moment at which tests take place. */
  public static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");

  public static final OperatorSettings SETTINGS =
      new OperatorSettings("mapwright-system", "haproxy:3.2", "restic/restic:0.18.0", false);

  /** The least that an instance needs. */
  public static final String SMALLEST =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1"}
      tls: {issuerRef: {name: ca}}
      """;

  private Given() {}

  public static MapwrightInstance instance(String name, String spec) {
    return object("MapwrightInstance", "maps", name, spec, MapwrightInstance.class);
  }

  public static MapwrightInstance instance(String spec) {
    return instance("tiles", spec);
  }

  public static ApiKey key(String namespace, String name, String spec) {
    return object("ApiKey", namespace, name, spec, ApiKey.class);
  }

  /** A key of the instance "tiles" in the same namespace. */
  public static ApiKey key(String spec) {
    return key("maps", "website", "instanceRef: {name: tiles}\nscopes: [tiles]\n" + spec);
  }

  public static OriginPolicy policy(String name, String spec) {
    return object("OriginPolicy", "maps", name, spec, OriginPolicy.class);
  }

  public static InstanceInput input(String spec) {
    return input(instance(spec));
  }

  /** An instance whose restore with the id "once" is in the given phase. */
  public static MapwrightInstance restoring(String spec, RestorePhase phase) {
    var instance = instance(spec);
    instance.setStatus(
        Serialization.unmarshal(
            "restore: {id: once, phase: " + phase + "}", MapwrightInstanceStatus.class));
    return instance;
  }

  public static InstanceInput input(MapwrightInstance instance) {
    return InstanceInput.of(
        instance,
        SETTINGS,
        Set.of(Capability.values()),
        new GeneratedSecrets(Map.of(), Map.of(), "not a secret"));
  }

  private static <T> T object(
      String kind, String namespace, String name, String spec, Class<T> type) {
    return Serialization.unmarshal(
        """
        apiVersion: mapwright.io/v1alpha1
        kind: %s
        metadata:
          name: %s
          namespace: %s
          uid: uid-of-%s
          generation: 1
          resourceVersion: "1"
          creationTimestamp: "2027-02-01T00:00:00Z"
        spec:
        %s\
        """
            .formatted(kind, name, namespace, name, spec.indent(2)),
        type);
  }
}
