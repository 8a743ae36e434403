package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings one object to its desired state by server-side apply, only if it differs: a pass over an
 * unchanged instance writes nothing.
 */
public final class Applier {
  public static final String FIELD_MANAGER = "mapwright-operator";

  private final OwnedSources sources;

  public Applier(OwnedSources sources) {
    this.sources = sources;
  }

  /**
   * Applies an object.
   *
   * @param once the object's content is kept once it exists, unless {@code desired} differs in data
   * @return what the user has to fix, if anything
   * @throws KubernetesClientException if trying again may help
   */
  public <R extends HasMetadata> Optional<Problem> apply(
      Class<R> kind, R desired, boolean once, Context<MapwrightInstance> context) {
    try {
      var actual = sources.known(kind, desired);
      if (actual.isEmpty()) {
        return create(kind, desired, once, context);
      }
      if (!isOurs(actual.get(), desired)) {
        return Optional.of(nameClash(desired));
      }
      if (once
          ? sameData(actual.get(), desired) && sameOwner(actual.get(), desired)
          : matches(actual.get(), desired, context)) {
        return Optional.empty();
      }
      var written =
          once
              ? replace(desired, actual.get(), context.getClient())
              : write(desired, true, context.getClient());
      sources.remember(kind, written, actual);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        sources.outdated(desired);
      }
      return Optional.of(problem(desired, e));
    }
  }

  /** Deletes what the operator created for this instance and the spec no longer asks for. */
  public <R extends HasMetadata> Optional<Problem> prune(
      Class<R> kind, Set<String> wanted, MapwrightInstance owner, Context<?> context) {
    for (var object : sources.of(kind).getSecondaryResources(owner)) {
      if (!wanted.contains(object.getMetadata().getName())
          && controlledBy(object, owner.getMetadata().getUid())
          && object.getMetadata().getDeletionTimestamp() == null) {
        try {
          context.getClient().resource(object).delete();
        } catch (KubernetesClientException e) {
          return Optional.of(problem(object, e));
        }
      }
    }
    return Optional.empty();
  }

  private <R extends HasMetadata> Optional<Problem> create(
      Class<R> kind, R desired, boolean once, Context<MapwrightInstance> context) {
    var client = context.getClient();
    // The informer sees only labelled objects; any other object of this name belongs to somebody
    // else.
    var existing = client.resource(desired).get();
    if (existing != null && !isOurs(existing, desired)) {
      return Optional.of(nameClash(desired));
    }
    if (existing != null && once) {
      // Random content must not be generated again because the informer lags.
      throw new KubernetesClientException(describe(desired) + " was not in the cache", 409, null);
    }
    desired.getMetadata().setResourceVersion(null);
    // Not forced: an object that appears under this name meanwhile causes a conflict and is not
    // taken over.
    var written =
        existing == null && once
            ? client.resource(desired).create()
            : write(desired, existing != null, client);
    sources.remember(kind, written, Optional.empty());
    return Optional.empty();
  }

  private static <R extends HasMetadata> R write(
      R desired, boolean force, KubernetesClient client) {
    var resource = client.resource(desired).fieldManager(FIELD_MANAGER);
    return force ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
  }

  private static <R extends HasMetadata> R replace(R desired, R actual, KubernetesClient client) {
    // The version that the content is based on: none for new content.
    if (desired.getMetadata().getResourceVersion() == null) {
      throw new KubernetesClientException(describe(actual) + " was not in the cache", 409, null);
    }
    return client.resource(desired).update();
  }

  private static <R extends HasMetadata> boolean matches(
      R actual, R desired, Context<MapwrightInstance> context) {
    return SSABasedGenericKubernetesResourceMatcher.<R>getInstance()
        .matches(actual, desired, context);
  }

  private static boolean sameData(HasMetadata actual, HasMetadata desired) {
    return actual instanceof Secret a
        && desired instanceof Secret d
        && Objects.equals(a.getData(), d.getData());
  }

  /** An instance that was deleted and recreated takes over what the garbage collector left. */
  private static boolean sameOwner(HasMetadata actual, HasMetadata desired) {
    return owners(actual).equals(owners(desired));
  }

  private static Set<String> owners(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .collect(Collectors.toSet());
  }

  private static boolean isOurs(HasMetadata actual, HasMetadata desired) {
    return Labels.owns(OwnedSources.instanceOf(desired).name(), actual);
  }

  private static boolean controlledBy(HasMetadata object, String uid) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> Boolean.TRUE.equals(ref.getController()) && uid.equals(ref.getUid()));
  }

  private static Problem nameClash(HasMetadata desired) {
    return new Problem(
        ConditionType.Applied,
        Reason.NameClash,
        describe(desired)
            + " exists and was not created for this instance; it was left unchanged. Rename one of the two.");
  }

  private static Problem problem(HasMetadata desired, KubernetesClientException e) {
    if (e.getCode() == 403 && namespaceTerminates(e)) {
      return new Problem(
          ConditionType.Applied, Reason.Progressing, "the namespace is being deleted");
    }
    return Refusal.of(describe(desired), e).orElseGet(() -> serverProblem(desired, e));
  }

  private static Problem serverProblem(HasMetadata desired, KubernetesClientException e) {
    return switch (e.getCode()) {
      case 0, 500, 502, 503, 504 ->
          new Problem(
              ConditionType.Applied,
              Reason.ReconcileFailed,
              "the API server could not accept " + describe(desired) + " now; retrying");
      // Including 409: the cached object is stale, so try again.
      default -> throw e;
    };
  }

  private static boolean namespaceTerminates(KubernetesClientException e) {
    var status = e.getStatus();
    return status != null
        && status.getDetails() != null
        && status.getDetails().getCauses() != null
        && status.getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private static String describe(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }
}
