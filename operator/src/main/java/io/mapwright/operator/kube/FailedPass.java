package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What follows from an exception that ended a pass. */
public final class FailedPass {
  /** Of causes; a chain that leads back to itself has an end too. */
  private static final int DEEPEST = 16;

  private FailedPass() {}

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
    return Stream.<Throwable>iterate(e, FailedPass::isThere, FailedPass::cause)
        .limit(DEEPEST)
        .anyMatch(failure ->
            failure instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                && Optional.ofNullable(refused.getStatus())
                    .map(status -> status.getDetails())
                    .filter(details -> about(primary, details))
                    .isPresent());
  }

  private static boolean isThere(@Nullable Throwable failure) {
    return failure != null;
  }

  @SuppressWarnings("NullAway") // the end of the chain, which isThere() finds
  private static Throwable cause(Throwable failure) {
    return failure.getCause();
  }

  /** An API server says the kind in its plural, as in a path. */
  private static boolean about(HasMetadata primary, StatusDetails details) {
    return primary.getMetadata().getName().equals(details.getName())
        && HasMetadata.getGroup(primary.getClass()).equals(details.getGroup())
        && Stream.of(primary.getKind(), HasMetadata.getPlural(primary.getClass()))
            .anyMatch(kind -> kind.equalsIgnoreCase(details.getKind()));
  }
}
