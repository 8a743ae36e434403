package io.mapwright.operator.instance;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobOutcome;
import io.mapwright.operator.kube.FinalBackupFinalizer;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.kube.PlanApplier;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.plan.Decisions;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.status.Reason;

/** The deletion of an instance that waits for its final backup. */
final class FinalBackupFlow {
  private final InstanceGatherer gatherer;
  private final SecretGenerator generator;
  private final PlanApplier applier;
  private final KeyBackupWriter keyBackups;
  private final FinalBackupEvents events;
  private final StatusWriter writer;

  FinalBackupFlow(
      InstanceGatherer gatherer,
      SecretGenerator generator,
      PlanApplier applier,
      KeyBackupWriter keyBackups,
      FinalBackupEvents events,
      StatusWriter writer) {
    this.gatherer = gatherer;
    this.generator = generator;
    this.applier = applier;
    this.keyBackups = keyBackups;
    this.events = events;
    this.writer = writer;
  }

  /** The request was withdrawn, or the user orphans the objects. */
  void withdraw(MapwrightInstance instance, Context<MapwrightInstance> context) {
    keyBackups.attach(instance);
    FinalBackupFinalizer.remove(instance, context.getClient());
  }

  UpdateControl<MapwrightInstance> proceed(
      Decisions decisions, MapwrightInstance instance, Context<MapwrightInstance> context) {
    // Only once: content generated for a second apply must not differ from the stored one.
    var facts = decisions.facts().with(generator.complete(decisions.facts().in()));
    var progress = facts.in().deletion().orElseThrow();
    if (progress.detaches()) {
      keyBackups.detach(instance);
    }
    var problems = apply(facts, instance, context).problems();
    var permanent =
        problems.stream().filter(problem -> problem.reason() != Reason.ReconcileFailed).findFirst();
    if (!progress.finished() && permanent.isEmpty()) {
      return writer.report(facts, problems, instance, context.getClient());
    }
    if (!progress.finished()) {
      progress = decisions.finalBackup().orElseThrow().lost(permanent.get());
      var _ = apply(facts.with(progress), instance, context);
    }
    end(facts.in(), instance, progress, context);
    return UpdateControl.noUpdate();
  }

  private PlanApplier.Outcome apply(
      InstanceFacts facts, MapwrightInstance instance, Context<MapwrightInstance> context) {
    return applier.apply(InstancePlan.of(facts), facts.in(), instance, context);
  }

  private void end(
      InstanceInput in,
      MapwrightInstance instance,
      DeletionProgress progress,
      Context<MapwrightInstance> context) {
    events.publish(instance, progress);
    // A Job's dependencies are deleted with the instance, and a volume stays while a pod uses it.
    var backup = gatherer.finalBackup(in);
    var obsolete = new JobOutcome(backup).unfinished() || in.deletesData();
    keyBackups.attach(instance);
    FinalBackupFinalizer.release(instance, backup.filter(_ -> obsolete), context.getClient());
  }
}
