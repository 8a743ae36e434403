package io.mapwright.operator.instance;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.check.InstanceRules;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.FinalBackupFinalizer;
import io.mapwright.operator.kube.PlanApplier.Outcome;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.plan.Decisions;
import io.mapwright.operator.plan.FinalBackupDecision;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.plan.RestoreStep;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over a MapwrightInstance: gather, check, plan, apply, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(
    name = InstanceReconciler.NAME,
    fieldManager = Applier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class InstanceReconciler implements Reconciler<MapwrightInstance> {
  public static final String NAME = "mapwrightinstance";

  private static final Duration UNSYNCED = Duration.ofMillis(200);

  private final InstanceSteps steps;

  public InstanceReconciler(InstanceSteps steps) {
    this.steps = steps;
  }

  /** Handles every change of an instance. */
  public void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    steps.instanceChanged(before, now);
  }

  @Override
  public List<EventSource<?, MapwrightInstance>> prepareEventSources(
      EventSourceContext<MapwrightInstance> context) {
    var result = new ArrayList<EventSource<?, MapwrightInstance>>();
    result.add(steps.instances().attach(context, Map.of()));
    steps.keyBackups().start(steps.keys());
    result.addAll(steps.kinds().sources(context));
    return result;
  }

  @Override
  public UpdateControl<MapwrightInstance> reconcile(
      MapwrightInstance given, Context<MapwrightInstance> context) {
    var id = NamespacedName.of(given);
    if (context.isPrimaryResourceDeleted()) {
      steps.forget(id);
    }
    // An instance that was recreated while the pass for its deletion waited is handled at once.
    var instance =
        context.isPrimaryResourceDeleted() ? steps.instances().get(id).orElse(null) : given;
    if (instance == null
        || (FinalBackupDecision.isBeingDeleted(instance)
            && !FinalBackupFinalizer.isSet(instance))) {
      return UpdateControl.noUpdate();
    }
    if (FinalBackupDecision.isBeingDeleted(instance)
        && !FinalBackupDecision.isRequested(instance)) {
      steps.finalBackup().withdraw(instance, context);
      return UpdateControl.noUpdate();
    }
    if (!steps.ready(instance)) {
      // Before the caches are synced nothing counts as absent: an incomplete table would reject
      // valid keys.
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(UNSYNCED);
    }
    return pass(instance, context);
  }

  private UpdateControl<MapwrightInstance> pass(
      MapwrightInstance instance, Context<MapwrightInstance> context) {
    steps.kinds().follow(context);
    var table = steps.keys().keyring().open(instance);
    var gathered = steps.gatherer().gather(instance);
    var decisions = Decisions.of(gathered);
    steps.ask(decisions, NamespacedName.of(instance));
    if (FinalBackupDecision.isBeingDeleted(instance)) {
      steps.push(gathered, decisions.facts(), Outcome.NOTHING, table);
      return steps.finalBackup().proceed(decisions, instance, context);
    }
    var problems = new ArrayList<>(InstanceRules.check(decisions.facts()).stream().toList());
    var facts = decisions.facts();
    var applied = Outcome.NOTHING;
    if (!rejected(problems) && !paused(instance)) {
      facts = facts.with(steps.generator().complete(facts.in()));
      applied = steps.applier().apply(InstancePlan.of(facts), facts.in(), instance, context);
      problems.addAll(applied.problems());
    }
    FinalBackupFinalizer.update(
            instance, FinalBackupDecision.isRequested(instance), context.getClient())
        .ifPresent(problems::add);
    problems.addAll(steps.allowedNamespaces().problems(instance).toList());
    steps.push(gathered, facts, applied, table);
    backUpKeys(instance, problems);
    facts = steps.restores().take(RestoreStep.of(facts), facts, problems, instance, context);
    return steps.writer().report(facts, problems, instance, context.getClient());
  }

  private void backUpKeys(MapwrightInstance instance, List<Problem> problems) {
    if (problems.stream().noneMatch(problem -> problem.reason() == Reason.OwnSecret)) {
      steps.keyBackups().follow(instance);
      steps.keyBackups().missing(NamespacedName.of(instance)).ifPresent(problems::add);
    }
  }

  @Override
  public ErrorStatusUpdateControl<MapwrightInstance> updateErrorStatus(
      MapwrightInstance instance, Context<MapwrightInstance> context, Exception e) {
    return ReconcileFailure.control(instance, e);
  }

  /**
   * A gateway became reachable or unreachable: requeues the instance, or forgets one that is gone.
   */
  public void gatewayChanged(NamespacedName id) {
    if (steps.instances().get(id).isPresent()) {
      steps.instances().requeue(id);
    } else {
      steps.forget(id);
    }
  }

  private static boolean paused(MapwrightInstance instance) {
    return Boolean.TRUE.equals(instance.getSpec().paused());
  }

  /** An unusable certificate holds back the pods, not the rest, which may fix the cause. */
  private static boolean rejected(List<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.type() == ConditionType.Accepted);
  }
}
