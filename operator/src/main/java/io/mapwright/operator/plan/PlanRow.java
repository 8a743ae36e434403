package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.InstanceInput;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row of the plan: an object that an instance may own.
 *
 * @param desired makes the object; pure
 * @param when whether the spec asks for it
 * @param needs kind of another project without which it can not be made
 * @param essential whether the rows behind it must wait until it is there: without its policies no
 *     pod may start
 * @param once whether its content is random, made once and never recomputed
 */
public record PlanRow<R extends HasMetadata>(
    String id,
    Class<R> kind,
    Function<InstanceInput, R> desired,
    Predicate<InstanceInput> when,
    Optional<Capability> needs,
    boolean essential,
    boolean once) {

  public static <R extends HasMetadata> PlanRow<R> part(
      String id, Class<R> kind, Function<InstanceInput, R> desired) {
    return new PlanRow<>(id, kind, desired, in -> true, Optional.empty(), true, false);
  }

  public PlanRow<R> onlyIf(Predicate<InstanceInput> condition) {
    return new PlanRow<>(id, kind, desired, condition, needs, essential, once);
  }

  public PlanRow<R> needing(Capability capability) {
    return new PlanRow<>(id, kind, desired, when, Optional.of(capability), false, once);
  }

  /** Its failure is told, and holds up nothing else. */
  public PlanRow<R> lenient() {
    return new PlanRow<>(id, kind, desired, when, needs, false, once);
  }

  public PlanRow<R> madeOnce() {
    return new PlanRow<>(id, kind, desired, when, needs, essential, true);
  }

  public boolean wanted(InstanceInput in) {
    return when.test(in);
  }

  public boolean possible(InstanceInput in) {
    return needs.map(in.capabilities()::contains).orElse(true);
  }
}
