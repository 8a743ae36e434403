package io.mapwright.operator.report;

import io.mapwright.operator.model.Images;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.regex.Pattern;

/** Reports whether each image is named by its digest. Pure. */
record ImagesReport(InstanceInput in, Conditions conditions) {
  /** By a digest, as the OCI image specification writes it; a tag may be moved. */
  private static final Pattern PINNED =
      Pattern.compile(".+@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})");

  void report() {
    var loose =
        Images.of(in).entrySet().stream()
            .filter(image -> !pinned(image.getValue()))
            .map(image -> image.getKey() + " (" + image.getValue() + ")")
            .toList();
    if (loose.isEmpty()) {
      conditions.isTrue(
          ConditionType.ImagesPinned, Reason.PinnedByDigest, "every image is named by its digest");
    } else {
      conditions.isFalse(
          ConditionType.ImagesPinned,
          Reason.ImageNotPinned,
          String.join(", ", loose)
              + ": no digest, so each start may use a different image; write repository:tag@sha256:…"
              + " (what runs now is in status.effective)");
    }
  }

  public static boolean pinned(String image) {
    return PINNED.matcher(image).matches();
  }
}
