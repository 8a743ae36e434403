package io.mapwright.operator.originpolicy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.OriginPolicyStatus;
import io.mapwright.operator.gateway.AllowedOrigin;
import io.mapwright.operator.keyring.KeyCompiler;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One pass over an OriginPolicy: it says how many keys use the policy. Its origins reach the
 * gateways through the keyring, not from here. A burst of keys is counted once a second.
 */
@RateLimited(maxReconciliations = 1, within = 1)
@ControllerConfiguration(name = OriginPolicyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class OriginPolicyReconciler implements Reconciler<OriginPolicy> {
  public static final String NAME = "originpolicy";
  private static final String BY_POLICY = "policy";

  private final Clock clock;
  private volatile Optional<InformerEventSource<ApiKey, OriginPolicy>> keys = Optional.empty();

  public OriginPolicyReconciler(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, OriginPolicy>> prepareEventSources(
      EventSourceContext<OriginPolicy> context) {
    var source =
        new InformerEventSource<ApiKey, OriginPolicy>(
            InformerEventSourceConfiguration.from(ApiKey.class, OriginPolicy.class)
                .withOnUpdateFilter((now, before) ->
                    !KeyCompiler.policyNames(now).equals(KeyCompiler.policyNames(before)))
                .withSecondaryToPrimaryMapper(key ->
                    KeyCompiler.policyNames(key).stream()
                        .map(name -> new ResourceID(name, key.getMetadata().getNamespace()))
                        .collect(Collectors.toSet()))
                .build(),
            context);
    source.addIndexer(
        BY_POLICY,
        key ->
            KeyCompiler.policyNames(key).stream()
                .map(name -> key.getMetadata().getNamespace() + "/" + name)
                .toList());
    keys = Optional.of(source);
    return List.of(source);
  }

  @Override
  public UpdateControl<OriginPolicy> reconcile(OriginPolicy policy, Context<OriginPolicy> context) {
    var meta = policy.getMetadata();
    if (meta.getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    var users =
        keys.orElseThrow().byIndex(BY_POLICY, meta.getNamespace() + "/" + meta.getName()).size();
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
              conditions.isTrue(ConditionType.Accepted, "every origin can be compared");
              conditions.isTrue(ConditionType.Ready, "keys that name this policy are held to it");
            });
    var status = new OriginPolicyStatus(meta.getGeneration(), users, conditions.list());
    if (Objects.equals(before.orElse(null), status)) {
      return UpdateControl.noUpdate();
    }
    var patch = new OriginPolicy();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .build());
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch);
  }

  /** What the schema's pattern lets through and a browser would never send. */
  static Optional<Problem> flaw(OriginPolicy policy) {
    for (var origin : policy.getSpec().origins()) {
      try {
        var _ = AllowedOrigin.parse(origin);
      } catch (IllegalArgumentException e) {
        return Optional.of(
            new Problem(
                ConditionType.Accepted,
                Reason.InvalidOrigin,
                "origins: " + e.getMessage() + "; keys with this policy are denied"));
      }
    }
    return Optional.empty();
  }
}
