package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Volume claims. They survive their instance unless the user says otherwise. */
public final class Claims {
  private Claims() {}

  public static PersistentVolumeClaim data(InstanceInput in) {
    var volume = in.volume().orElseThrow();
    var name = Names.data(in.name());
    var meta = in.deletesData() ? Owned.by(in, name) : Owned.kept(in, name);
    return claim(
        meta.build(),
        Objects.requireNonNull(volume.size()),
        volume.storageClassName(),
        Boolean.TRUE.equals(volume.readWriteMany()) ? "ReadWriteMany" : "ReadWriteOnce");
  }

  public static PersistentVolumeClaim backupRepository(InstanceInput in) {
    var volume = Objects.requireNonNull(in.backup().orElseThrow().repository().volume());
    return claim(
        Owned.kept(in, Names.backupRepository(in.name())).build(),
        Objects.requireNonNull(volume.size()),
        volume.storageClassName(),
        "ReadWriteOnce");
  }

  private static PersistentVolumeClaim claim(
      ObjectMeta meta, Quantity size, @Nullable String storageClass, String accessMode) {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(meta)
        .withNewSpec()
        .withAccessModes(accessMode)
        .withStorageClassName(storageClass)
        .withNewResources()
        .withRequests(Map.of("storage", size))
        .endResources()
        .endSpec()
        .build();
  }
}
