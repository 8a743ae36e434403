package io.mapwright.operator.metrics;

/** Asks the API server whether the bearer of a token may scrape. */
public interface Review {
  /** What the API server says of a token. */
  enum Verdict {
    ALLOWED,
    UNKNOWN_TOKEN,
    FORBIDDEN
  }

  /**
   * Returns what it says.
   *
   * @throws RuntimeException if it does not answer; the message contains no token
   */
  Verdict of(String token);
}
