package io.mapwright.operator.keyring;

import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * Why a digest does not open for a key.
 *
 * @param by the key that cuts it or has it; may be the very key that is refused
 */
public record Refusal(Kind kind, ResourceID by) {
  /** What the other key does. */
  public enum Kind {
    /** It cut the digest for good. */
    CUT,
    /** It has the same digest, and goes first. */
    HELD,
    /** It has another digest that logs and metrics would call by the same name. */
    ID_TAKEN
  }
}
