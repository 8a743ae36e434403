package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.KeyRestorer;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.kube.RestoreRecords;
import io.mapwright.operator.plan.RestoreStep;
import io.mapwright.operator.status.Problem;
import java.util.List;

/** Performs the steps of a restore besides the objects of the plan, and reports the results. */
final class RestoreActions {
  private final OwnedSources sources;
  private final RestoreRecords records;
  private final KeySources keys;

  RestoreActions(OwnedSources sources, Applier applier, KeySources keys) {
    this.sources = sources;
    this.keys = keys;
    records = new RestoreRecords(applier);
  }

  /**
   * Takes the step.
   *
   * @param problems receives what the user has to fix
   * @return the facts, updated
   */
  InstanceFacts take(
      RestoreStep step,
      InstanceFacts facts,
      List<Problem> problems,
      MapwrightInstance instance,
      Context<MapwrightInstance> context) {
    var in = facts.in();
    var restore = facts.backups().restore();
    return switch (step) {
      case NONE -> facts;
      case READ_RECORD ->
          RestoreRecords.isRestored(in, context.getClient())
              ? facts.with(restore.asDoneBefore())
              : facts;
      case WRITE_RECORD -> {
        // Before the next step: a restore that is not recorded would run again.
        var problem = records.write(in, context);
        problem.ifPresent(problems::add);
        yield problem.isPresent() ? facts.with(restore.notRecorded()) : facts;
      }
      case MAKE_KEYS ->
          synced(Job.class) && synced(Pod.class)
              ? new KeyRecovery(facts)
                  .next(pod -> new KeyRestorer(context.getClient(), instance, keys.all()).from(pod))
                  .map(facts::with)
                  .orElse(facts)
              : facts;
    };
  }

  private boolean synced(Class<? extends HasMetadata> kind) {
    return sources.knows(kind) && OwnedSources.synced(sources.of(kind));
  }
}
