package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.facts.NamespaceConflicts.KeyRestorePermission;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.model.ServedCertificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was gathered for one pass.
 *
 * @param neighbours conflicts with other objects
 * @param certificate the pair in the TLS Secret, if the Secret exists
 * @param certificatePem that pair as PEM, chain first
 * @param deployment as last seen
 * @param backups what is known of them
 * @param replicas state of the running gateways, by pod uid
 * @param diagnosis why the map server does not run, if it does not
 * @param oldestPod oldest pod of the server, including those that ended, whose logs still exist
 * @param replicasKnown whether the state of each is known since this process started
 */
public record InstanceFacts(
    InstanceInput in,
    NamespaceConflicts neighbours,
    Optional<ServedCertificate> certificate,
    Optional<String> certificatePem,
    Optional<Deployment> deployment,
    Diagnosis diagnosis,
    BackupFacts backups,
    Optional<PodAge> oldestPod,
    Map<String, ReplicaState> replicas,
    boolean replicasKnown,
    Instant now) {

  /** Facts of a healthy map server. */
  public InstanceFacts(
      InstanceInput in,
      NamespaceConflicts neighbours,
      Optional<ServedCertificate> certificate,
      Optional<String> certificatePem,
      Optional<Deployment> deployment,
      BackupFacts backups,
      Optional<PodAge> oldestPod,
      Map<String, ReplicaState> replicas,
      boolean replicasKnown,
      Instant now) {
    this(
        in,
        neighbours,
        certificate,
        certificatePem,
        deployment,
        Diagnosis.NONE,
        backups,
        oldestPod,
        replicas,
        replicasKnown,
        now);
  }

  /** Gateways that the operator has a connection to, by the names of their pods. */
  public List<ReplicaState> connectedReplicas() {
    return replicas.values().stream()
        .filter(ReplicaState::connected)
        .sorted(Comparator.comparing(ReplicaState::podName))
        .toList();
  }

  public InstanceFacts with(RestoreFacts restore) {
    return copy(in, backups.with(restore));
  }

  public InstanceFacts with(DeletionProgress deletion) {
    return with(in.with(deletion));
  }

  /** The same with another input. */
  public InstanceFacts with(InstanceInput changed) {
    return copy(changed, backups);
  }

  private InstanceFacts copy(InstanceInput input, BackupFacts known) {
    return new InstanceFacts(
        input,
        neighbours,
        certificate,
        certificatePem,
        deployment,
        diagnosis,
        known,
        oldestPod,
        replicas,
        replicasKnown,
        now);
  }

  /** Whether a restore may not recreate the keys that it should. */
  public boolean keyRestoreDenied() {
    return neighbours.keyRestorePermission() != KeyRestorePermission.ALLOWED;
  }

  @Override
  public String toString() {
    return "InstanceFacts[" + in.namespace() + "/" + in.name() + "]";
  }
}
