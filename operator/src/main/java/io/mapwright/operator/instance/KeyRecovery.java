package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.backup.Restores;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobRun;
import io.mapwright.operator.facts.PodSpecMatch;
import io.mapwright.operator.facts.RestoreFacts;
import io.mapwright.operator.recovery.RestoredKeys;
import io.mapwright.operator.recovery.UnusableKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a restore that recreates keys. It ends with success, with a permanent failure, or
 * when retries have failed for an hour.
 */
record KeyRecovery(InstanceFacts facts) {
  private static final Logger log = LoggerFactory.getLogger(KeyRecovery.class);

  static final Duration RETRY_PERIOD = Duration.ofHours(1);

  /** Recreates the keys whose files a pod printed. */
  interface Source {
    RestoredKeys from(String pod) throws IOException;
  }

  /** Returns the result of an attempt; empty if it should be retried. */
  Optional<RestoreFacts> next(Source source) {
    var in = facts.in();
    if (restore().job().filter(job -> !matchesSpec(job)).isPresent()) {
      return Optional.of(
          restore().withoutKeys("the Job of the restore is not what the spec asks for now"));
    }
    var pod = in.restoreJob().flatMap(facts.backups()::success).map(JobRun::pod);
    if (pod.isEmpty()) {
      return lost("the pod of the restore was gone before the keys were read from its log");
    }
    try {
      return Optional.of(restore().withKeys(source.from(pod.get())));
    } catch (UnusableKeys e) {
      return Optional.of(restore().withoutKeys("the keys were not recreated: " + e.getMessage()));
    } catch (IOException e) {
      log.warn(
          "{}/{}: the keys of the snapshot were not recreated, retrying until {}",
          in.namespace(),
          in.name(),
          deadline(),
          e);
      return lost("the keys could not be recreated within an hour; see the operator's log");
    }
  }

  /** Keys are not read from a Job that somebody else created, or that another spec produced. */
  private boolean matchesSpec(Job job) {
    return Optional.ofNullable(job.getSpec())
        .map(spec -> spec.getTemplate().getSpec())
        .filter(
            pod -> PodSpecMatch.of(Restores.job(facts.in()).getSpec().getTemplate().getSpec(), pod))
        .isPresent();
  }

  private Optional<RestoreFacts> lost(String why) {
    return facts.now().isBefore(deadline())
        ? Optional.empty()
        : Optional.of(restore().withoutKeys(why));
  }

  private RestoreFacts restore() {
    return facts.backups().restore();
  }

  /** An hour after the Job's end; a Job that is gone with its pod ended before. */
  private Instant deadline() {
    return restore()
        .jobEnded()
        .or(() -> facts.in().restoreStatus().map(RestoreStatus::startedAt).map(Instant::parse))
        .orElse(Instant.MIN.plus(RETRY_PERIOD))
        .plus(RETRY_PERIOD);
  }
}
