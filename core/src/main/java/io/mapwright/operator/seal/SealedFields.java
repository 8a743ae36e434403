package io.mapwright.operator.seal;

import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a status that decisions depend on, as an unambiguous text: each value is preceded
 * by its length.
 */
final class SealedFields {
  private final StringBuilder text = new StringBuilder(256);
  private boolean empty = true;

  private SealedFields(String kind, String uid) {
    text.append("mapwright.io/v1alpha1 ").append(kind);
    value(uid);
    empty = true;
  }

  static SealedFields of(String uid, ApiKeyStatus status) {
    var fields = new SealedFields("ApiKey", uid);
    fields.digest(status.current());
    fields.digest(status.previous());
    fields.digest(status.next());
    var retired = status.retired();
    if (retired != null) {
      retired.forEach(fields::value);
    }
    fields.name("trigger").value(status.observedTrigger());
    return fields;
  }

  static SealedFields of(String uid, MapwrightInstanceStatus status) {
    var fields = new SealedFields("MapwrightInstance", uid);
    var update = status.update();
    if (update != null) {
      fields
          .name("update")
          .value(update.phase())
          .value(update.provenImage())
          .value(update.target())
          .value(update.since())
          .value(update.failedImage())
          .value(update.observedRetry());
    }
    var restore = status.restore();
    if (restore != null) {
      fields
          .name("restore")
          .value(restore.id())
          .value(restore.phase())
          .value(restore.startedAt())
          .value(restore.incomplete())
          .value(restore.keysRecreated());
    }
    return fields;
  }

  /** Whether no field that decisions depend on is set. */
  boolean isEmpty() {
    return empty;
  }

  byte[] bytes(long serial) {
    return (text + "\nserial " + serial).getBytes(StandardCharsets.UTF_8);
  }

  private void digest(@Nullable KeyDigest digest) {
    name("digest");
    if (digest != null) {
      value(digest.sha256())
          .value(digest.keyId())
          .value(digest.createdAt())
          .value(digest.notAfter());
    }
  }

  private SealedFields name(String name) {
    text.append('\n').append(name);
    return this;
  }

  private SealedFields value(@Nullable Object value) {
    var string = value == null ? "" : value.toString();
    // Empty values are not stored, so they must look like absent ones.
    if (string.isEmpty()) {
      text.append(" -");
      return this;
    }
    empty = false;
    text.append(' ').append(string.length()).append(':').append(string);
    return this;
  }
}
