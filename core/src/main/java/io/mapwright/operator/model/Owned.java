package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import java.util.Map;

/** Metadata of the objects that belong to an instance. */
public final class Owned {
  private Owned() {}

  /** Metadata of an object that is deleted with its instance. */
  public static ObjectMetaBuilder by(InstanceInput in, String name) {
    if (in.deletion().filter(DeletionProgress::detaches).isPresent()) {
      return kept(in, name);
    }
    return kept(in, name)
        .addToOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("mapwright.io/v1alpha1")
                .withKind(MapwrightInstance.class.getSimpleName())
                .withName(in.name())
                .withUid(in.uid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build());
  }

  /** Metadata of an object that survives its instance: data and what is needed to read it. */
  public static ObjectMetaBuilder kept(InstanceInput in, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(in.namespace())
        .withLabels(Labels.of(in.name()))
        .withAnnotations(Map.of(Labels.OWNER, in.name()));
  }
}
