package io.mapwright.operator.apikey;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.PeriodicTask;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.push.KeyUse;
import io.mapwright.operator.seal.TrustedStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over an ApiKey: gather, check, plan, generate and deliver, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(name = ApiKeyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class ApiKeyReconciler implements Reconciler<ApiKey>, AutoCloseable {
  public static final String NAME = "apikey";

  private final KeySteps steps;

  public ApiKeyReconciler(KeySteps steps) {
    this.steps = steps;
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    return List.of(steps.keys().attach(context, KeySources.INDEXERS));
  }

  /** Starts checking the Secrets that keys were delivered to. */
  public void start() {
    steps.secrets().start();
  }

  /** The task that checks those Secrets. */
  public PeriodicTask task() {
    return steps.secrets().task();
  }

  @Override
  public void close() {
    steps.secrets().close();
  }

  @Override
  public ErrorStatusUpdateControl<ApiKey> updateErrorStatus(
      ApiKey key, Context<ApiKey> context, Exception e) {
    return ReconcileFailure.control(key, e);
  }

  /** A gateway of the instance has applied changes: requeues the keys that wait for them. */
  public void gatewayProgressed(NamespacedName instance) {
    steps.gateways().reached(instance).forEach(steps.keys()::requeue);
  }

  /** Gateways of the instance admitted these keys. */
  public void used(NamespacedName instance, List<KeyUse> uses) {
    steps.requeue().used(instance, uses);
  }

  /** Called for every change of an instance. */
  public void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    steps.requeue().instanceChanged(before, now);
  }

  /** Called for every change of a policy. */
  public void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    steps.requeue().policyChanged(before, now);
  }

  /** Called for every change of a key: clears the state kept for a deleted one. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    if (before != null && now == null) {
      steps.forget(NamespacedName.of(before));
    }
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    if (!KeyLifecycle.exists(key)) {
      return UpdateControl.noUpdate();
    }
    if (!steps.ready(key)) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(NextCheck.UNCONFIRMED);
    }
    var facts = steps.gatherer().gather(key);
    if (TrustedStatus.rejected(key.getStatus())) {
      return steps
          .repair()
          .repair(facts, NextCheck.UNCONFIRMED)
          .map(again -> UpdateControl.<ApiKey>noUpdate().rescheduleAfter(again))
          .orElseGet(UpdateControl::noUpdate);
    }
    var outcome =
        switch (KeyPlan.of(facts, steps.refusals().of(facts))) {
          case KeyPlan.Settle settle ->
              new Outcome(
                  settle.digests(),
                  settle.refused(),
                  false,
                  facts.status().map(ApiKeyStatus::seal).orElse(null));
          case KeyPlan.Generate generate -> steps.delivery().generate(generate.digests(), facts);
        };
    var end = steps.reporter().report(afterwards(facts, outcome.digests()), outcome);
    return end.patch()
        .map(UpdateControl::patchStatus)
        .orElseGet(UpdateControl::noUpdate)
        .rescheduleAfter(end.again());
  }

  /** Gathers again if the digests changed: the caches now hold what was created for them. */
  private KeyFacts afterwards(KeyFacts facts, Digests digests) {
    return digests.equals(Digests.of(facts.status()))
        ? facts
        : steps.gatherer().gather(facts.key(), digests);
  }
}
