package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.net.HttpURLConnection;
import java.util.stream.Stream;

/** How to continue after an exception that ended a pass. */
public final class ReconcileFailure {
  private ReconcileFailure() {}

  /**
   * Retries, unless the object itself was deleted during the pass: its deletion arrives as an
   * event. If anything else was not found it is retried, since nothing else would trigger a pass.
   */
  public static <P extends HasMetadata> ErrorStatusUpdateControl<P> control(
      P primary, Exception e) {
    return gone(primary, e)
        ? ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /** Whether the API server reported that this object does not exist. */
  static boolean gone(HasMetadata primary, Exception e) {
    return ApiErrors.refusals(e, HttpURLConnection.HTTP_NOT_FOUND)
        .flatMap(refused -> Stream.ofNullable(refused.getStatus()))
        .flatMap(status -> Stream.ofNullable(status.getDetails()))
        .anyMatch(details -> about(primary, details));
  }

  /** The API server reports the kind in its plural form. */
  private static boolean about(HasMetadata primary, StatusDetails details) {
    return primary.getMetadata().getName().equals(details.getName())
        && HasMetadata.getGroup(primary.getClass()).equals(details.getGroup())
        && Stream.of(primary.getKind(), HasMetadata.getPlural(primary.getClass()))
            .anyMatch(kind -> kind.equalsIgnoreCase(details.getKind()));
  }
}
