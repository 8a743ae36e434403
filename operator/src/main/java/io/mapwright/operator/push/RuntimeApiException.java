package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import java.io.IOException;

/** A channel that failed; says why and on which kind of command, never what was in it. */
final class RuntimeApiException extends IOException {

  private final PushError error;

  RuntimeApiException(PushError error, String command) {
    super(error + " on " + command);
    this.error = error;
  }

  RuntimeApiException(PushError error, String command, IOException cause) {
    super(error + " on " + command, cause);
    this.error = error;
  }

  PushError error() {
    return error;
  }
}
