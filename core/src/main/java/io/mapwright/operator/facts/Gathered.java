package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.cause.EventMessage;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.model.ServedCertificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What was read for one pass, before anything is decided.
 *
 * @param in as the spec asks, with the generated Secrets as stored
 * @param conflicts conflicts with other objects
 * @param certificate the pair in the TLS Secret, if the Secret exists
 * @param certificatePem that pair as PEM, chain first
 * @param deployment as last seen
 * @param backups what is known of them
 * @param finalBackup the Job of the final backup as last seen
 * @param proof last answer about an image
 * @param events last answer about an object's Events
 * @param replicas state of the running gateways, by pod uid
 * @param replicasKnown whether the state of each is known since this process started
 */
public record Gathered(
    MapwrightInstance instance,
    InstanceInput in,
    NamespaceConflicts conflicts,
    Optional<ServedCertificate> certificate,
    Optional<String> certificatePem,
    Optional<Deployment> deployment,
    ServerPods pods,
    BackupFacts backups,
    Optional<Job> finalBackup,
    Optional<Answered<ProofQuestion, Optional<String>>> proof,
    Optional<Answered<EventQuestion, Optional<EventMessage>>> events,
    Map<String, ReplicaState> replicas,
    boolean replicasKnown,
    Instant now) {

  @Override
  public String toString() {
    return "Gathered[" + in.namespace() + "/" + in.name() + "]";
  }
}
