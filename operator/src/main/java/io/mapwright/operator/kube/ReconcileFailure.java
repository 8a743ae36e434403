package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.net.HttpURLConnection;
import java.util.stream.Stream;

/** What follows from an exception that ended a pass. */
public final class ReconcileFailure {
  private ReconcileFailure() {}

  /**
   * Tries again, unless the object itself went away during the pass: its deletion comes as an
   * event. That anything else was not found is a reason to try again, for nothing else would start
   * a pass.
   */
  public static <P extends HasMetadata> ErrorStatusUpdateControl<P> control(
      P primary, Exception e) {
    return gone(primary, e)
        ? ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  /** Whether the API server said of this very object that it is not there. */
  static boolean gone(HasMetadata primary, Exception e) {
    return ApiErrors.refusals(e, HttpURLConnection.HTTP_NOT_FOUND)
        .flatMap(refused -> Stream.ofNullable(refused.getStatus()))
        .flatMap(status -> Stream.ofNullable(status.getDetails()))
        .anyMatch(details -> about(primary, details));
  }

  /** An API server says the kind in its plural, as in a path. */
  private static boolean about(HasMetadata primary, StatusDetails details) {
    return primary.getMetadata().getName().equals(details.getName())
        && HasMetadata.getGroup(primary.getClass()).equals(details.getGroup())
        && Stream.of(primary.getKind(), HasMetadata.getPlural(primary.getClass()))
            .anyMatch(kind -> kind.equalsIgnoreCase(details.getKind()));
  }
}
