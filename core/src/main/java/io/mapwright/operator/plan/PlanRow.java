package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row of the plan: an object that an instance may own, and how it is treated.
 *
 * @param desired renders the object; pure
 * @param when whether the spec asks for it
 * @param held whether it must not be written now; an existing object stays
 * @param needs kind of another project that it depends on
 */
public record PlanRow<R extends HasMetadata>(
    String id,
    Class<R> kind,
    Function<PlanInput, R> desired,
    Predicate<InstanceInput> when,
    Predicate<InstanceFacts> held,
    Optional<Capability> needs,
    Set<Trait> traits) {

  private enum Trait {
    LENIENT,
    ONCE,
    WHILE_DELETING,
    ABSENCE_IS_A_PROBLEM
  }

  static <R extends HasMetadata> PlanRow<R> row(
      String id, Class<R> kind, Function<InstanceInput, R> desired) {
    return rendered(id, kind, input -> desired.apply(input.in()));
  }

  /** A row that also depends on the gateway's files. */
  static <R extends HasMetadata> PlanRow<R> rendered(
      String id, Class<R> kind, Function<PlanInput, R> desired) {
    return new PlanRow<>(
        id, kind, desired, _ -> true, _ -> false, Optional.empty(), EnumSet.noneOf(Trait.class));
  }

  PlanRow<R> onlyIf(Predicate<InstanceInput> condition) {
    return new PlanRow<>(id, kind, desired, condition, held, needs, traits);
  }

  PlanRow<R> heldWhile(Predicate<InstanceFacts> condition) {
    return new PlanRow<>(id, kind, desired, when, condition, needs, traits);
  }

  /** Its absence is reported in a condition of its own. */
  PlanRow<R> needing(Capability capability) {
    return new PlanRow<>(id, kind, desired, when, held, Optional.of(capability), traits);
  }

  /** Without the kind the instance does not match its spec. */
  PlanRow<R> absenceIsAProblem() {
    return with(Trait.ABSENCE_IS_A_PROBLEM);
  }

  /** Its failure is reported, and blocks nothing else. */
  PlanRow<R> lenient() {
    return with(Trait.LENIENT);
  }

  /** Its content is random, generated once and kept. */
  PlanRow<R> madeOnce() {
    return with(Trait.ONCE);
  }

  /** The final backup of an instance that is being deleted needs it. */
  PlanRow<R> whileDeleting() {
    return with(Trait.WHILE_DELETING);
  }

  private PlanRow<R> with(Trait trait) {
    var all = EnumSet.of(trait);
    all.addAll(traits);
    return new PlanRow<>(id, kind, desired, when, held, needs, all);
  }

  /** Whether the instance should own it. */
  public boolean wanted(InstanceInput in) {
    return (in.deletion().isEmpty() || traits.contains(Trait.WHILE_DELETING)) && when.test(in);
  }

  public boolean possible(InstanceInput in) {
    return needs.map(in.capabilities()::contains).orElse(true);
  }

  /** Whether later rows must wait for it: no pod may start without its network policies. */
  public boolean essential() {
    return needs.isEmpty() && !traits.contains(Trait.LENIENT);
  }

  public boolean once() {
    return traits.contains(Trait.ONCE);
  }

  /** The problem to report if its kind is absent. */
  public Optional<Problem> absence() {
    return needs
        .filter(_ -> traits.contains(Trait.ABSENCE_IS_A_PROBLEM))
        .map(kind -> new Problem(ConditionType.Applied, Reason.CrdMissing, kind.absence()));
  }
}
