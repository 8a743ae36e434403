package io.mapwright.operator.originpolicy;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.OriginPolicyStatus;
import io.mapwright.operator.keyring.PolicyOrigins;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.kube.StatusPatch;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over an OriginPolicy: reports how many keys use the policy. Its origins reach the
 * gateways through the keyring, not from here. A burst of keys is counted once a second.
 */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@RateLimited(maxReconciliations = 1, within = 1)
@ControllerConfiguration(name = OriginPolicyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class OriginPolicyReconciler implements Reconciler<OriginPolicy> {
  public static final String NAME = "originpolicy";
  private static final Duration UNSYNCED = Duration.ofSeconds(2);

  private final SharedCache<OriginPolicy> policies;
  private final SharedCache<ApiKey> keys;
  private final Clock clock;

  public OriginPolicyReconciler(
      SharedCache<OriginPolicy> policies, SharedCache<ApiKey> keys, Clock clock) {
    this.policies = policies;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, OriginPolicy>> prepareEventSources(
      EventSourceContext<OriginPolicy> context) {
    return List.of(policies.attach(context, Map.of()));
  }

  /** Policies that a key started or stopped referring to are counted again. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    var named = before == null ? Set.<String>of() : Set.copyOf(KeySources.policies(before));
    var names = now == null ? Set.<String>of() : Set.copyOf(KeySources.policies(now));
    Stream.concat(named.stream(), names.stream())
        .filter(name -> named.contains(name) != names.contains(name))
        .forEach(name -> policies.requeue(NamespacedName.parse(name)));
  }

  @Override
  public ErrorStatusUpdateControl<OriginPolicy> updateErrorStatus(
      OriginPolicy policy, Context<OriginPolicy> context, Exception e) {
    return ReconcileFailure.control(policy, e);
  }

  @Override
  public UpdateControl<OriginPolicy> reconcile(OriginPolicy policy, Context<OriginPolicy> context) {
    var meta = policy.getMetadata();
    if (meta.getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    if (!keys.synced()) {
      return UpdateControl.<OriginPolicy>noUpdate().rescheduleAfter(UNSYNCED);
    }
    var users = keys.byIndex(KeySources.BY_POLICY, NamespacedName.of(policy).toString()).size();
    var before = Optional.ofNullable(policy.getStatus());
    var conditions =
        new Conditions(
            before.map(OriginPolicyStatus::conditions).orElse(null),
            meta.getGeneration(),
            clock.instant());
    flaw(policy)
        .ifPresentOrElse(
            flaw -> {
              conditions.problem(flaw);
              conditions.isFalse(ConditionType.Ready, flaw.reason(), flaw.message());
              conditions.abnormal(ConditionType.Stalled, flaw.reason(), flaw.message());
            },
            () -> {
              conditions.isTrue(
                  ConditionType.Accepted, Reason.SpecValid, "every origin can be compared");
              conditions.isTrue(
                  ConditionType.Ready,
                  Reason.PolicyEnforced,
                  "keys that name this policy are restricted by it");
            });
    var status = new OriginPolicyStatus(meta.getGeneration(), users, conditions.list());
    if (Objects.equals(before.orElse(null), status)) {
      return UpdateControl.noUpdate();
    }
    var patch = new OriginPolicy();
    patch.setMetadata(StatusPatch.nameOf(policy));
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch);
  }

  /** What the schema's pattern accepts, but no browser would ever send. */
  static Optional<Problem> flaw(OriginPolicy policy) {
    return PolicyOrigins.flaw(policy)
        .map(flaw ->
            new Problem(
                ConditionType.Accepted,
                Reason.InvalidOrigin,
                "origins: " + flaw + "; keys with this policy are denied"));
  }
}
