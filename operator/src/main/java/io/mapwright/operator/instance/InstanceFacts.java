package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.push.CertificatePair;
import io.mapwright.operator.push.ReplicaState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What was gathered for one pass.
 *
 * @param hostOwners hosts of this instance that an older instance serves already, and its name
 * @param certificate the pair in the TLS Secret, if the Secret is there
 * @param certificatePem that pair as PEM, chain first
 * @param deployment as last seen
 * @param backup as last seen
 * @param replicas what running gateways hold, by pod uid
 * @param tableGeneration generation that they ought to hold
 */
record InstanceFacts(
    InstanceInput in,
    Map<String, String> hostOwners,
    Optional<CertificatePair> certificate,
    Optional<String> certificatePem,
    Optional<Deployment> deployment,
    Optional<CronJob> backup,
    Map<String, ReplicaState> replicas,
    long tableGeneration,
    Instant now) {
  @Override
  public String toString() {
    return "InstanceFacts[" + in.namespace() + "/" + in.name() + "]";
  }
}
