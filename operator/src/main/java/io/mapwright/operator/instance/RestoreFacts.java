package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Optional;

/**
 * What was gathered of a restore.
 *
 * @param serverGone whether no pod of the map server is left, not even one that ends
 * @param job the Job of this restore as last seen
 * @param keysRecreated how many keys were made again, once that is done
 * @param keysLost why they can not be made again, if no further try would end better
 */
record RestoreFacts(
    boolean serverGone,
    Optional<Job> job,
    Optional<Integer> keysRecreated,
    Optional<String> keysLost) {
  static final RestoreFacts NONE =
      new RestoreFacts(false, Optional.empty(), Optional.empty(), Optional.empty());

  RestoreFacts(boolean serverGone, Optional<Job> job) {
    this(serverGone, job, Optional.empty(), Optional.empty());
  }

  boolean jobDone() {
    return new JobEnd(job).complete();
  }

  boolean jobFailed() {
    return new JobEnd(job).failed();
  }

  RestoreFacts withKeys(int number) {
    return new RestoreFacts(serverGone, job, Optional.of(number), Optional.empty());
  }

  RestoreFacts withoutKeys(String why) {
    return new RestoreFacts(serverGone, job, Optional.empty(), Optional.of(why));
  }
}
