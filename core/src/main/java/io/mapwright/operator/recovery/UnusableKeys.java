package io.mapwright.operator.recovery;

import java.io.IOException;

/**
 * The keys of a snapshot are invalid, or do not fit. A retry would not help. The message says what
 * is wrong and quotes no content.
 */
public final class UnusableKeys extends IOException {
  private static final long serialVersionUID = 1;

  public UnusableKeys(String message) {
    super(message);
  }
}
