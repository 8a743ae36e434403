package io.mapwright.operator.backup;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Map;
import java.util.Optional;

/**
 * Records which restore filled a volume last, so that an instance that is recreated with the same
 * spec does not lose later changes. It outlives the instance and is deleted with the volume claim.
 * Not in the volume itself, where the map server could forge it and so skip a restore. Pure.
 */
public final class RestoreRecord {
  private static final String ID = "restore";
  private static final String CLAIM = "claim";

  private RestoreRecord() {}

  public static ConfigMap of(InstanceInput in, PersistentVolumeClaim claim) {
    var name = claim.getMetadata().getName();
    var uid = claim.getMetadata().getUid();
    return new ConfigMapBuilder()
        .withMetadata(
            Owned.kept(in, Names.restored(in.name()))
                .addToOwnerReferences(
                    new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("PersistentVolumeClaim")
                        .withName(name)
                        .withUid(uid)
                        .build())
                .build())
        .withData(Map.of(ID, in.restore().map(Restore::id).orElseThrow(), CLAIM, uid))
        .build();
  }

  /** Whether a record shows that this volume was filled by the restore in the spec. */
  public static boolean matches(InstanceInput in, ConfigMap record, PersistentVolumeClaim claim) {
    var owner =
        Optional.ofNullable(record.getMetadata().getAnnotations())
            .orElse(Map.of())
            .get(Labels.OWNER);
    return in.name().equals(owner) && of(in, claim).getData().equals(record.getData());
  }
}
