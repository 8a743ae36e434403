package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.mapwright.operator.model.Timestamps;
import io.mapwright.operator.recovery.RestoredKeys;
import java.time.Instant;
import java.util.Optional;

/**
 * What was gathered about a restore.
 *
 * @param serverGone whether no pod of the map server is left, not even a terminating one
 * @param job the Job of this restore as last seen
 * @param keysRecreated the recreated keys, once that is done
 * @param keysLost why they cannot be recreated, if no retry would help
 * @param doneBefore whether this restore already filled this volume for an earlier incarnation of
 *     the instance
 * @param unrecorded whether it could not be recorded yet that it filled the volume
 */
public record RestoreFacts(
    boolean serverGone,
    Optional<Job> job,
    Optional<RestoredKeys> keysRecreated,
    Optional<String> keysLost,
    boolean doneBefore,
    boolean unrecorded) {
  public static final RestoreFacts NONE = new RestoreFacts(false, Optional.empty());

  public RestoreFacts(boolean serverGone, Optional<Job> job) {
    this(serverGone, job, Optional.empty(), Optional.empty(), false, false);
  }

  public boolean jobDone() {
    return new JobOutcome(job).complete();
  }

  /** When the Job succeeded, as reported by the Job controller. */
  public Optional<Instant> jobEnded() {
    return job.flatMap(done -> Optional.ofNullable(done.getStatus()))
        .map(JobStatus::getCompletionTime)
        .flatMap(Timestamps::parse);
  }

  public boolean jobFailed() {
    return new JobOutcome(job).failed();
  }

  public RestoreFacts withKeys(RestoredKeys keys) {
    return new RestoreFacts(
        serverGone, job, Optional.of(keys), Optional.empty(), doneBefore, unrecorded);
  }

  public RestoreFacts withoutKeys(String why) {
    return new RestoreFacts(
        serverGone, job, Optional.empty(), Optional.of(why), doneBefore, unrecorded);
  }

  public RestoreFacts asDoneBefore() {
    return new RestoreFacts(serverGone, job, keysRecreated, keysLost, true, unrecorded);
  }

  public RestoreFacts notRecorded() {
    return new RestoreFacts(serverGone, job, keysRecreated, keysLost, doneBefore, true);
  }
}
