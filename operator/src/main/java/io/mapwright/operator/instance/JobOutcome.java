package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Optional;

/** How a Job ended, by its conditions. */
record JobOutcome(Optional<Job> job) {

  boolean complete() {
    return condition("Complete").isPresent();
  }

  boolean failed() {
    return condition("Failed").isPresent();
  }

  boolean unfinished() {
    return job.isPresent() && !complete() && !failed();
  }

  /** Why it failed, as the Job's controller says it. */
  String message() {
    return condition("Failed").map(JobCondition::getMessage).orElse("");
  }

  private Optional<JobCondition> condition(String type) {
    return job.map(Job::getStatus).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst();
  }
}
