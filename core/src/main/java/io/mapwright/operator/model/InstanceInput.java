package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Audit;
import io.mapwright.operator.api.v1alpha1.DeletionPolicy;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that the plan of an instance is computed from. Defaults are resolved here, once.
 *
 * @param uid unique id of the instance, for owner references
 * @param capabilities optional kinds that the cluster has now
 * @param imageDecision the server image to run now
 * @param restoreStatus the stored status of the restore, so that no step is taken before it is
 *     stored
 * @param deletion progress of the final backup, if the instance is being deleted and waits for it
 * @param fetchingDrills Jobs of drills whose pods still read the repository; their map server has
 *     not started
 */
public record InstanceInput(
    String name,
    String namespace,
    String uid,
    MapwrightInstanceSpec spec,
    OperatorSettings operator,
    Set<Capability> capabilities,
    GeneratedSecrets generatedSecrets,
    ImageDecision imageDecision,
    Optional<RestoreStatus> restoreStatus,
    Optional<DeletionProgress> deletion,
    Set<String> fetchingDrills)
    implements ServerInput, GatewayInput, NetworkInput, BackupInput {

  public static InstanceInput of(
      MapwrightInstance instance,
      OperatorSettings operator,
      Set<Capability> capabilities,
      GeneratedSecrets generatedSecrets) {
    var meta = instance.getMetadata();
    return new InstanceInput(
        meta.getName(),
        meta.getNamespace(),
        meta.getUid(),
        instance.getSpec(),
        operator,
        capabilities,
        generatedSecrets,
        ImageDecision.ofSpec(instance.getSpec().server().image()),
        Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::restore),
        Optional.empty(),
        Set.of());
  }

  /** Returns a copy with another image to run. */
  public InstanceInput with(ImageDecision now) {
    return copy(generatedSecrets, now, deletion, fetchingDrills);
  }

  /** Returns a copy in which these drills read the repository. */
  public InstanceInput withFetchingDrills(Set<String> jobs) {
    return copy(generatedSecrets, imageDecision, deletion, Set.copyOf(jobs));
  }

  /** Returns a copy with this progress of the deletion. */
  public InstanceInput with(DeletionProgress now) {
    return copy(generatedSecrets, imageDecision, Optional.of(now), fetchingDrills);
  }

  /** Returns a copy with other content of the generated Secrets. */
  public InstanceInput with(GeneratedSecrets generated) {
    return copy(generated, imageDecision, deletion, fetchingDrills);
  }

  private InstanceInput copy(
      GeneratedSecrets generated,
      ImageDecision image,
      Optional<DeletionProgress> progress,
      Set<String> jobs) {
    return new InstanceInput(
        name,
        namespace,
        uid,
        spec,
        operator,
        capabilities,
        generated,
        image,
        restoreStatus,
        progress,
        jobs);
  }

  /** The longest that a line may stay in the logs of the pods. */
  public Optional<Duration> logRetention() {
    return logRetention(spec);
  }

  /** The same for a spec. */
  public static Optional<Duration> logRetention(MapwrightInstanceSpec spec) {
    return Optional.ofNullable(spec.audit()).map(Audit::retention).map(Durations::parse);
  }

  public Optional<Restore> restore() {
    return Optional.ofNullable(spec.restore());
  }

  /** Name of the Job of the restore that the spec requests. */
  public Optional<String> restoreJob() {
    return restore().map(restore -> Names.restore(name(), restore.id()));
  }

  /** Phase of the restore that the spec requests; empty if it is not stored yet. */
  public Optional<RestorePhase> restorePhase() {
    return restoreStatus
        .filter(status -> restore().map(Restore::id).equals(Optional.ofNullable(status.id())))
        .map(RestoreStatus::phase);
  }

  /** Whether the map server must not run. */
  public boolean stopped() {
    return deletion.isPresent() || dataIncomplete();
  }

  /** Whether no pod of the map server is to run, for whatever reason. */
  public boolean requestsNoPods() {
    return stopped() || (!autoscaled() && replicas() == 0);
  }

  /** Whether the data is being replaced, or a failed restore may have left it incomplete. */
  public boolean dataIncomplete() {
    return restorePhase()
        .map(phase ->
            switch (phase) {
              case Stopping, Filling, Keys -> true;
              case Failed ->
                  restoreStatus
                      .map(RestoreStatus::incomplete)
                      .map(Boolean::booleanValue)
                      .orElse(false);
              case Starting, Done -> false;
            })
        .orElse(false);
  }

  /** Whether pods that use a repository may be needed. */
  public boolean usesRepository() {
    return backup().isPresent() || restore().isPresent();
  }

  /**
   * Whether the data volume is deleted with the instance. If a final backup is requested, only once
   * it is made: even if the deletion stops waiting for it, the data is not lost.
   */
  public boolean deletesData() {
    return spec.deletionPolicy() == DeletionPolicy.Delete
        && (finalBackup().isEmpty() || deletion.filter(DeletionProgress::saved).isPresent());
  }
}
