package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.model.NamespacedName;

/** The name by which the fleet of gateways, which knows no Kubernetes, knows an instance. */
public final class FleetKey {
  private FleetKey() {}

  public static String of(HasMetadata instance) {
    return of(NamespacedName.of(instance));
  }

  public static String of(NamespacedName instance) {
    return instance.toString();
  }

  public static NamespacedName instance(String key) {
    return NamespacedName.parse(key);
  }
}
