package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;

/** What follows from an exception that ended a pass. */
public final class FailedPass {
  private static final int NOT_FOUND = 404;

  private FailedPass() {}

  /** Tries again, unless the object went away during the pass: its deletion comes as an event. */
  public static <P extends HasMetadata> ErrorStatusUpdateControl<P> control(Exception e) {
    return e instanceof KubernetesClientException failure && failure.getCode() == NOT_FOUND
        ? ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }
}
