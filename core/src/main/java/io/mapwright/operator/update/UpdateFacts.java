package io.mapwright.operator.update;

import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import java.time.Instant;
import java.util.Optional;

/**
 * The input of a decision about the image.
 *
 * @param wanted the image in the spec
 * @param settings how the user wants it to be updated
 * @param before the status before this pass
 * @param running what the Deployment shows of the wanted image
 * @param proof why the probe paths do not answer correctly, or that they have not been requested
 *     yet; empty if they do, or none is set
 * @param lastBackup when the newest backup succeeded
 * @param failedBackup when the newest backup failed
 * @param stopped whether no pod should run, so that nothing can be proven
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
