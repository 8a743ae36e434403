package io.mapwright.operator.seal;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.RestoreStatus;
import io.mapwright.operator.model.RevokedDigests;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a status that somebody else wrote by the last known one, or, if there is none, by one
 * that grants no access. Replaying an older status of the operator, or removing it, counts as
 * tampering too. Objects pass through here before anything else sees them.
 */
public final class TrustedStatus {
  private final StatusSeal seal;

  public TrustedStatus(StatusSeal seal) {
    this.seal = seal;
  }

  /**
   * Changes an object in place.
   *
   * @param before the object as it was known, with a trusted status
   * @return whether its status was rejected
   */
  public <P extends HasMetadata> boolean check(P now, @Nullable P before) {
    return switch (now) {
      case ApiKey key -> {
        check(key, before instanceof ApiKey known ? known : null);
        yield rejected(key.getStatus());
      }
      case MapwrightInstance instance -> {
        check(instance, before instanceof MapwrightInstance known ? known : null);
        yield rejected(instance.getStatus());
      }
      default -> false;
    };
  }

  /** Whether the stored status is not the operator's and was replaced in memory. */
  public static boolean rejected(@Nullable ApiKeyStatus status) {
    return status != null && RejectedSeal.is(status.seal());
  }

  /** Whether the stored status is not the operator's and was replaced in memory. */
  public static boolean rejected(@Nullable MapwrightInstanceStatus status) {
    return status != null && RejectedSeal.is(status.seal());
  }

  /** Whether the replacement of a rejected status is the last known one. */
  public static boolean remembered(ApiKeyStatus status) {
    return status.state() != null;
  }

  /**
   * Whether a status is the operator's, or the replacement of one that is not. If several
   * namespaces are watched, a cache has an object a moment before it is checked.
   */
  public boolean judged(HasMetadata object) {
    var uid = object.getMetadata().getUid();
    return switch (object) {
      case ApiKey key ->
          key.getStatus() == null || rejected(key.getStatus()) || seal.holds(uid, key.getStatus());
      case MapwrightInstance instance ->
          instance.getStatus() == null
              || rejected(instance.getStatus())
              || seal.holds(uid, instance.getStatus());
      default -> true;
    };
  }

  private void check(ApiKey key, @Nullable ApiKey before) {
    var status = key.getStatus();
    var known = before == null || !sameObject(key, before) ? null : before.getStatus();
    if (known != null
        && seal.older(status == null ? null : status.seal(), RejectedSeal.stored(known.seal()))) {
      key.setStatus(known.withSeal(RejectedSeal.known(known.seal())));
      return;
    }
    if (status == null || seal.holds(key.getMetadata().getUid(), status)) {
      return;
    }
    key.setStatus(
        known == null
            ? nothing(key, status).withSeal(RejectedSeal.claimed(status.seal()))
            : known.withSeal(RejectedSeal.known(known.seal())));
  }

  /**
   * Keeps the fields that no decision depends on, so that conditions keep their times, and revokes
   * all digests, since revoked ones must not be lost when this is stored. A forged digest is
   * revoked on the instance that admits the key, and grants no access.
   */
  private static ApiKeyStatus nothing(ApiKey key, ApiKeyStatus status) {
    var cut = RevokedDigests.ofUntrusted(key, status);
    return new ApiKeyStatus(
        status.observedGeneration(),
        null,
        null,
        null,
        null,
        null,
        null,
        cut.isEmpty() ? null : cut,
        null,
        null,
        status.observedTrigger(),
        null,
        null,
        null,
        null,
        status.conditions());
  }

  private void check(MapwrightInstance instance, @Nullable MapwrightInstance before) {
    var status = instance.getStatus();
    var known = before == null || !sameObject(instance, before) ? null : before.getStatus();
    if (known != null
        && seal.older(status == null ? null : status.seal(), RejectedSeal.stored(known.seal()))) {
      instance.setStatus(known.withSeal(RejectedSeal.known(known.seal())));
      return;
    }
    if (status == null || seal.holds(instance.getMetadata().getUid(), status)) {
      return;
    }
    instance.setStatus(
        known == null
            ? nothing(instance, status).withSeal(RejectedSeal.claimed(status.seal()))
            : known.withSeal(RejectedSeal.known(known.seal())));
  }

  /** A restore that may have run is not repeated: it would overwrite later changes. */
  private static MapwrightInstanceStatus nothing(
      MapwrightInstance instance, MapwrightInstanceStatus status) {
    var restore =
        Optional.ofNullable(instance.getSpec().restore())
            .map(asked -> given(asked, status.restore()))
            .orElse(null);
    return new MapwrightInstanceStatus(
        status.observedGeneration(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        restore,
        null,
        null,
        status.conditions());
  }

  private static RestoreStatus given(Restore asked, @Nullable RestoreStatus stored) {
    var filling = stored != null && stored.phase() == RestorePhase.Filling;
    return new RestoreStatus(
        asked.id(),
        RestorePhase.Failed,
        null,
        null,
        null,
        filling ? Boolean.TRUE : null,
        "the status was not written by this operator, so it is not known whether this restore has"
            + " run; set another restore.id to run it",
        null);
  }

  private static boolean sameObject(HasMetadata one, HasMetadata other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }
}
