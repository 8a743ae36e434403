package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import java.io.IOException;

/** A channel that failed; says why and on which kind of command, never what was in it. */
final class RuntimeApiException extends IOException {

  private final PushError error;

  RuntimeApiException(PushError error, String doing) {
    super(error + " on " + doing);
    this.error = error;
  }

  RuntimeApiException(PushError error, String doing, IOException cause) {
    super(error + " on " + doing, cause);
    this.error = error;
  }

  PushError error() {
    return error;
  }
}
