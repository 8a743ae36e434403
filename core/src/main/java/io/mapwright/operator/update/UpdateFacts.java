package io.mapwright.operator.update;

import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import java.time.Instant;
import java.util.Optional;

/**
 * What a decision about the image is made from.
 *
 * @param wanted the image that the spec names
 * @param settings how the user wants it brought in
 * @param before what the status said before this pass
 * @param running what the Deployment shows of the wanted image
 * @param proof why the probe paths do not answer as they should, or that they have not been asked
 *     yet; empty if they do, or none is set
 * @param lastBackup when the newest backup succeeded
 * @param failedBackup when the newest backup failed
 * @param stopped whether no pod is to run, so that nothing can be proven
 */
public record UpdateFacts(
    String wanted,
    Optional<Updates> settings,
    Optional<UpdateStatus> before,
    Rollout running,
    Optional<String> proof,
    Optional<Instant> lastBackup,
    Optional<Instant> failedBackup,
    boolean stopped,
    Instant now) {}
