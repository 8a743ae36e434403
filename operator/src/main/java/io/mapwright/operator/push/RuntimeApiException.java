package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import java.io.IOException;

/** A failure of a channel: its cause and the kind of command, never the content. */
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
