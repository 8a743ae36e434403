package io.mapwright.operator.decision;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.gateway.GatewayProblem;
import java.util.Optional;

/**
 * The answer to a request, and why.
 *
 * @param scope what the path needs, once it was looked up
 * @param keyId the key that was recognised, whether or not it may be used for this
 * @param problem why it is refused; with limits in dry run, why it would have been
 * @param pages what a browser learns
 * @param forward what the map server sees; empty if it sees nothing
 */
public record Decision(
    Verdict verdict,
    Optional<Scope> scope,
    Optional<String> keyId,
    Optional<GatewayProblem> problem,
    Pages pages,
    Optional<Forward> forward) {

  /** How a request ends. */
  public enum Verdict {
    /** The map server answers. */
    ALLOW,
    DENY,
    /** Refused for its rate. */
    LIMIT,
    /** Answered for a browser that asks before it asks. */
    PREFLIGHT,
    /** A fixed text that is there for everyone. */
    FIXED,
    /** Not HTTP: the parser answers 400 or closes, and no rule is asked. */
    MALFORMED
  }

  /**
   * What a browser learns about sharing.
   *
   * @param allowOrigin {@code Access-Control-Allow-Origin}
   * @param restricted whether the answer is for the pages of one policy, so that no cache shares it
   * @param byReferer whether a Referer, or its absence, identified the page
   */
  public record Pages(
      Optional<String> allowOrigin, boolean credentials, boolean restricted, boolean byReferer) {
    static final Pages ANY = new Pages(Optional.of("*"), false, false, false);
    static final Pages NONE = new Pages(Optional.empty(), false, false, false);
  }

  /** The status that the gateway itself answers with; empty if the map server chooses. */
  public Optional<Integer> status() {
    return switch (verdict) {
      case ALLOW -> Optional.empty();
      case DENY, LIMIT -> problem.map(GatewayProblem::status);
      case PREFLIGHT -> Optional.of(204);
      case FIXED -> Optional.of(200);
      case MALFORMED -> Optional.of(400);
    };
  }

  /** What no parser should accept as a request. */
  public static Decision malformed() {
    return new Decision(
        Verdict.MALFORMED,
        Optional.empty(),
        Optional.empty(),
        Optional.of(GatewayProblem.MALFORMED),
        Pages.NONE,
        Optional.empty());
  }

  static Decision fixed() {
    return new Decision(
        Verdict.FIXED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Pages.NONE,
        Optional.empty());
  }

  static Decision refused(GatewayProblem problem) {
    return refused(problem, Optional.empty(), Optional.empty(), Pages.ANY);
  }

  static Decision refused(
      GatewayProblem problem, Optional<Scope> scope, Optional<String> keyId, Pages pages) {
    var verdict = problem.status() == 429 ? Verdict.LIMIT : Verdict.DENY;
    return new Decision(verdict, scope, keyId, Optional.of(problem), pages, Optional.empty());
  }
}
