package io.mapwright.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the conditions of one pass and merges them with those of the pass before. */
public final class Conditions {
  /** For a condition and the Event about it; the API accepts 32 KiB and 1 KiB. */
  public static final int LONGEST_MESSAGE = 1024;

  private final Map<ConditionType, Condition> collected = new EnumMap<>(ConditionType.class);
  private final List<Condition> before;
  private final long generation;
  private final Instant now;

  public Conditions(@Nullable List<Condition> before, long generation, Instant now) {
    this.before = before == null ? List.of() : before;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  public Conditions isTrue(ConditionType type, Reason reason, String message) {
    return set(type, "True", reason, message);
  }

  /** Keeps a condition as it was before, and returns whether there was one. */
  public boolean keep(ConditionType type) {
    var found = find(before, type);
    found.ifPresent(old ->
        collected.put(type, new ConditionBuilder(old).withObservedGeneration(generation).build()));
    return found.isPresent();
  }

  public Conditions isFalse(ConditionType type, Reason reason, String message) {
    return set(type, "False", reason, message);
  }

  public Conditions unknown(ConditionType type, Reason reason, String message) {
    return set(type, "Unknown", reason, message);
  }

  public Conditions problem(Problem problem) {
    return isFalse(problem.type(), problem.reason(), problem.message());
  }

  public boolean has(ConditionType type) {
    return collected.containsKey(type);
  }

  public boolean holds(ConditionType type) {
    var condition = collected.get(type);
    return condition != null && "True".equals(condition.getStatus());
  }

  /** Sets kstatus' abnormal-true pair: at most one of the two is present. */
  public Conditions abnormal(ConditionType type, Reason reason, String message) {
    return isTrue(type, reason, message);
  }

  private Conditions set(ConditionType type, String status, Reason reason, String message) {
    var since =
        find(before, type)
            .filter(old -> Objects.equals(old.getStatus(), status))
            .map(Condition::getLastTransitionTime)
            .orElse(now.toString());
    collected.put(
        type,
        new ConditionBuilder()
            .withType(type.name())
            .withStatus(status)
            .withReason(reason.name())
            .withMessage(Excerpt.of(message, LONGEST_MESSAGE))
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
    return this;
  }

  /** Returns the conditions in the order of {@link ConditionType}, so that equal ones are equal. */
  public List<Condition> list() {
    return List.copyOf(collected.values());
  }

  /** Returns the conditions whose status or reason changed, which an Event may report. */
  public List<Condition> changed() {
    var result = new ArrayList<Condition>();
    for (var entry : collected.entrySet()) {
      var old = find(before, entry.getKey());
      var now = entry.getValue();
      var same =
          old.isPresent()
              && Objects.equals(old.get().getStatus(), now.getStatus())
              && Objects.equals(old.get().getReason(), now.getReason());
      if (!same) {
        result.add(now);
      }
    }
    return result;
  }

  public static Optional<Condition> find(@Nullable List<Condition> conditions, ConditionType type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(c -> type.name().equals(c.getType())).findFirst();
  }
}
