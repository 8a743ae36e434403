package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.plan.InstancePlan.Planned;
import io.mapwright.operator.plan.PlanRow;
import io.mapwright.operator.status.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Applies the plan of an instance row by row, and deletes what is not in it any longer. */
public final class PlanApplier {
  private final OwnedSources sources;
  private final Applier applier;

  public PlanApplier(OwnedSources sources, Applier applier) {
    this.sources = sources;
    this.applier = applier;
  }

  /**
   * The result of applying a plan.
   *
   * @param problems what the user has to fix
   * @param applied ids of the rows whose objects are as planned
   */
  public record Outcome(List<Problem> problems, Set<String> applied) {
    /** If there was nothing to apply. */
    public static final Outcome NOTHING = new Outcome(List.of(), Set.of());
  }

  public Outcome apply(
      List<Planned<?>> plan,
      InstanceInput in,
      MapwrightInstance instance,
      Context<MapwrightInstance> context) {
    var problems = new ArrayList<Problem>();
    var applied = new HashSet<String>();
    for (var planned : plan) {
      if (planned.held()) {
        continue;
      }
      var problem = apply(planned, in, context);
      problem.ifPresentOrElse(problems::add, () -> applied.add(planned.row().id()));
      if (problem.isPresent() && planned.row().essential()) {
        return new Outcome(problems, applied);
      }
    }
    // What is not needed for the final backup is deleted with the instance.
    if (in.deletion().isEmpty()) {
      for (var kind : prunable()) {
        prune(kind, plan, instance, context).ifPresent(problems::add);
      }
    }
    return new Outcome(problems, applied);
  }

  private <R extends HasMetadata> Optional<Problem> apply(
      Planned<R> planned, InstanceInput in, Context<MapwrightInstance> context) {
    var row = planned.row();
    return row.possible(in) && sources.knows(row.kind())
        ? applier.apply(row.kind(), planned.desired(), row.once(), context)
        : row.absence();
  }

  /**
   * Data is deleted with its instance if the user wants that, and never by a change of the spec.
   */
  private static Set<Class<? extends HasMetadata>> prunable() {
    return InstancePlan.rows().stream()
        .<Class<? extends HasMetadata>>map(PlanRow::kind)
        .filter(kind -> !kind.equals(PersistentVolumeClaim.class) && !kind.equals(Secret.class))
        .collect(Collectors.toSet());
  }

  private Optional<Problem> prune(
      Class<? extends HasMetadata> kind,
      List<Planned<?>> plan,
      MapwrightInstance instance,
      Context<MapwrightInstance> context) {
    if (!sources.knows(kind)) {
      return Optional.empty();
    }
    var wanted =
        plan.stream()
            .filter(planned -> planned.row().kind().equals(kind))
            .map(planned -> planned.desired().getMetadata().getName())
            .collect(Collectors.toSet());
    return applier.prune(kind, wanted, instance, context);
  }
}
