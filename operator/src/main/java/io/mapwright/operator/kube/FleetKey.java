package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.model.NamespacedName;

/** The name by which the fleet of gateways, which knows no Kubernetes, knows an instance. */
public final class FleetKey {
  private FleetKey() {}

  public static String of(HasMetadata instance) {
    return of(ResourceID.fromResource(instance));
  }

  public static String of(ResourceID instance) {
    return new NamespacedName(instance.getNamespace().orElse(""), instance.getName()).toString();
  }

  public static ResourceID instance(String key) {
    var name = NamespacedName.parse(key);
    return new ResourceID(name.name(), name.namespace());
  }
}
