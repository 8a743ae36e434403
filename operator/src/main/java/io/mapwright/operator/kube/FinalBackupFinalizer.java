package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The finalizer by which an instance waits for its final backup. Only instances that request one
 * have it; besides the status it is all that the operator writes to an instance.
 */
public final class FinalBackupFinalizer {
  public static final String FINALIZER = "mapwright.io/final-backup";

  private FinalBackupFinalizer() {}

  public static boolean isSet(MapwrightInstance instance) {
    return instance.getMetadata().getFinalizers().contains(FINALIZER);
  }

  /**
   * Sets or removes it, as the spec asks.
   *
   * @return what the user has to fix, if anything
   */
  public static Optional<Problem> update(
      MapwrightInstance instance, boolean wanted, KubernetesClient client) {
    try {
      if (wanted && !isSet(instance)) {
        var finalizers = new ArrayList<>(instance.getMetadata().getFinalizers());
        finalizers.add(FINALIZER);
        write(instance, finalizers, client);
      } else if (!wanted) {
        remove(instance, client);
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 403) {
        throw e;
      }
      return Optional.of(
          new Problem(
              ConditionType.BackupHealthy,
              Reason.Forbidden,
              "there would be no final backup: the operator may not set the finalizer "
                  + FINALIZER
                  + "; "
                  + Refusal.missingPermission(
                      "patch",
                      instance.getFullResourceName(),
                      Optional.of(instance.getMetadata().getNamespace()))));
    }
  }

  public static void remove(MapwrightInstance instance, KubernetesClient client) {
    if (isSet(instance)) {
      var finalizers = new ArrayList<>(instance.getMetadata().getFinalizers());
      finalizers.remove(FINALIZER);
      write(instance, finalizers, client);
    }
  }

  /**
   * Removes the finalizer and the Job.
   *
   * @param backup the Job that it waited for, if it should be deleted
   */
  public static void release(
      MapwrightInstance instance, Optional<Job> backup, KubernetesClient client) {
    // In this order: if the first is refused, the next pass still finds the backup and starts no
    // second one.
    remove(instance, client);
    backup.ifPresent(job -> client.resource(job).delete());
  }

  /** With the version that was read: finalizers of others must not be lost or restored. */
  private static void write(
      MapwrightInstance instance, List<String> finalizers, KubernetesClient client) {
    var meta = instance.getMetadata();
    var patch =
        Map.of(
            "metadata",
            Map.of("resourceVersion", meta.getResourceVersion(), "finalizers", finalizers));
    client
        .resource(instance)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(Applier.FIELD_MANAGER)
                .build(),
            Serialization.asJson(patch));
  }
}
