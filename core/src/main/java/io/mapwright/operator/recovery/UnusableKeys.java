package io.mapwright.operator.recovery;

import java.io.IOException;

/**
 * What was to be the keys of a snapshot is something else, or more than fits. Reading it again
 * would bring the same. The message says what is wrong and quotes nothing of it.
 */
public final class UnusableKeys extends IOException {
  private static final long serialVersionUID = 1;

  public UnusableKeys(String message) {
    super(message);
  }
}
