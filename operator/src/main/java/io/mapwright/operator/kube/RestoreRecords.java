package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.backup.RestoreRecord;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.status.Problem;
import java.util.Optional;

/**
 * Reads and writes which restore filled a volume. Read directly from the API server when a restore
 * starts and when it has filled the volume: the claim may be the user's own, which is not watched.
 */
public final class RestoreRecords {
  private final Applier applier;

  public RestoreRecords(Applier applier) {
    this.applier = applier;
  }

  /** Whether the restore in the spec already filled the current volume. */
  public static boolean isRestored(InstanceInput in, KubernetesClient client) {
    var record =
        client.configMaps().inNamespace(in.namespace()).withName(Names.restored(in.name())).get();
    return record != null
        && claim(in, client).filter(claim -> RestoreRecord.matches(in, record, claim)).isPresent();
  }

  /** Records that it has; nothing is recorded for a volume that is gone. */
  public Optional<Problem> write(InstanceInput in, Context<MapwrightInstance> context) {
    return claim(in, context.getClient())
        .flatMap(
            claim -> applier.apply(ConfigMap.class, RestoreRecord.of(in, claim), false, context));
  }

  private static Optional<PersistentVolumeClaim> claim(InstanceInput in, KubernetesClient client) {
    return in.dataClaim()
        .map(name ->
            client.persistentVolumeClaims().inNamespace(in.namespace()).withName(name).get());
  }
}
