package io.mapwright.operator.facts;

import java.util.List;
import java.util.Optional;

/**
 * What to ask the pods before their image counts as proven.
 *
 * @param addresses of the pods, sorted
 * @param paths that must answer
 */
public record ProofQuestion(String image, List<String> addresses, List<String> paths) {

  /** Whether there are pods to ask, and paths to ask for. */
  public boolean canBeAsked() {
    return !addresses.isEmpty() && !paths.isEmpty();
  }

  /**
   * Returns why the image is not proven; empty once it is.
   *
   * @param last the last answer to any question; an empty answer is a proof
   */
  public Optional<String> failure(Optional<Answered<ProofQuestion, Optional<String>>> last) {
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    if (addresses.isEmpty()) {
      return Optional.of("no pod to ask");
    }
    return Answered.to(this, last).orElse(Optional.of("the paths have not been requested yet"));
  }
}
