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
 * Which restore a volume was filled by last, so that an instance that is made again with the same
 * spec does not lose what came since. It outlives the instance and goes with the volume claim. Not
 * in the volume itself: there the map server could write it, and have the restore that is to
 * replace its data passed over. Pure.
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

  /**
   * Whether a record says that this very volume was filled by the restore that the spec asks for.
   */
  public static boolean matches(InstanceInput in, ConfigMap record, PersistentVolumeClaim claim) {
    var owner =
        Optional.ofNullable(record.getMetadata().getAnnotations())
            .orElse(Map.of())
            .get(Labels.OWNER);
    return in.name().equals(owner) && of(in, claim).getData().equals(record.getData());
  }
}
