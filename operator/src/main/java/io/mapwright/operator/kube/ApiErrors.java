package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds answers of the API server in exceptions that the client and the framework wrap. */
final class ApiErrors {
  /** Maximum depth of causes, which also bounds cyclic chains. */
  private static final int DEEPEST = 16;

  private ApiErrors() {}

  /** The API server's errors with that HTTP code, in an exception and its causes. */
  static Stream<KubernetesClientException> refusals(Throwable failure, int code) {
    return chain(failure).stream()
        .filter(KubernetesClientException.class::isInstance)
        .map(KubernetesClientException.class::cast)
        .filter(refusal -> refusal.getCode() == code);
  }

  private static List<Throwable> chain(Throwable failure) {
    var chain = new ArrayList<Throwable>();
    @Nullable Throwable one = failure;
    while (one != null && chain.size() < DEEPEST) {
      chain.add(one);
      one = one.getCause();
    }
    return chain;
  }
}
