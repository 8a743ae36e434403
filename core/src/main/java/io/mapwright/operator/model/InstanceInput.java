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
 * Everything that the plan of an instance is made from. Defaults are resolved here, once.
 *
 * @param uid unique id of the instance, for owner references
 * @param capabilities optional kinds that the cluster has now
 * @param running the server's image as it is to run now
 * @param restoring the restore as the API server has it, so that no step is taken before it is
 *     written down
 * @param fetching Jobs of drills whose pods still read the repository; nothing of the map server
 *     runs in them yet
 * @param ending how far the final backup has come, if the instance is being deleted and waits for
 *     it
 */
public record InstanceInput(
    String name,
    String namespace,
    String uid,
    MapwrightInstanceSpec spec,
    OperatorSettings operator,
    Set<Capability> capabilities,
    GeneratedSecrets generatedSecrets,
    ImageDecision running,
    Optional<RestoreStatus> restoring,
    Optional<DeletionProgress> ending,
    Set<String> fetching)
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
        ImageDecision.asAsked(instance.getSpec().server().image()),
        Optional.ofNullable(instance.getStatus()).map(MapwrightInstanceStatus::restore),
        Optional.empty(),
        Set.of());
  }

  /** The same with another image to run. */
  public InstanceInput with(ImageDecision now) {
    return copy(generatedSecrets, now, ending, fetching);
  }

  /** The same with these drills at work on the repository. */
  public InstanceInput withFetching(Set<String> jobs) {
    return copy(generatedSecrets, running, ending, Set.copyOf(jobs));
  }

  /** The same while it ends. */
  public InstanceInput with(DeletionProgress now) {
    return copy(generatedSecrets, running, Optional.of(now), fetching);
  }

  /** The same with other content for the generated Secrets. */
  public InstanceInput with(GeneratedSecrets generated) {
    return copy(generated, running, ending, fetching);
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
        restoring,
        progress,
        jobs);
  }

  /** The oldest that a line in the logs of the pods may get. */
  public Optional<Duration> logRetention() {
    return logRetention(spec);
  }

  /** The same, of a spec alone. */
  public static Optional<Duration> logRetention(MapwrightInstanceSpec spec) {
    return Optional.ofNullable(spec.audit()).map(Audit::retention).map(Durations::parse);
  }

  public Optional<Restore> restore() {
    return Optional.ofNullable(spec.restore());
  }

  /** Name of the Job of the restore that the spec asks for. */
  public Optional<String> restoreJob() {
    return restore().map(restore -> Names.restore(name(), restore.id()));
  }

  /** Phase of the restore that the spec asks for; empty if it is not written down yet. */
  public Optional<RestorePhase> restorePhase() {
    return restoring
        .filter(status -> restore().map(Restore::id).equals(Optional.ofNullable(status.id())))
        .map(RestoreStatus::phase);
  }

  /** Whether the map server must not run. */
  public boolean stopped() {
    return ending.isPresent() || dataIncomplete();
  }

  /** Whether no pod of the map server is to run, for whatever reason. */
  public boolean asksForNoPods() {
    return stopped() || (!autoscaled() && replicas() == 0);
  }

  /** Whether the data is being replaced, or a restore that failed may have left half of it. */
  public boolean dataIncomplete() {
    return restorePhase()
        .map(phase ->
            switch (phase) {
              case Stopping, Filling, Keys -> true;
              case Failed ->
                  restoring.map(RestoreStatus::incomplete).map(Boolean::booleanValue).orElse(false);
              case Starting, Done -> false;
            })
        .orElse(false);
  }

  /** Whether pods that work with a repository may be needed. */
  public boolean worksWithRepository() {
    return backup().isPresent() || restore().isPresent();
  }

  /**
   * Whether the data volume goes with the instance. Where a final backup is asked for, not before
   * it is made: even if nobody waits for it in the end, the data is not lost.
   */
  public boolean deletesData() {
    return spec.deletionPolicy() == DeletionPolicy.Delete
        && (finalBackup().isEmpty() || ending.filter(DeletionProgress::saved).isPresent());
  }
}
