package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Optional;

/** The outcome of a Job, from its conditions. */
public record JobOutcome(Optional<Job> job) {

  public boolean complete() {
    return condition("Complete").isPresent();
  }

  public boolean failed() {
    return condition("Failed").isPresent();
  }

  public boolean unfinished() {
    return job.isPresent() && !complete() && !failed();
  }

  /** Why it failed, as reported by the Job controller. */
  public String message() {
    return condition("Failed").map(JobCondition::getMessage).orElse("");
  }

  private Optional<JobCondition> condition(String type) {
    return job.map(Job::getStatus).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst();
  }
}
