package io.mapwright.operator.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import java.util.List;

/** What a status says of facts, for tests. */
public final class Reports {
  private Reports() {}

  public static MapwrightInstanceStatus report(InstanceFacts facts, List<Problem> problems) {
    return new InstanceReport(facts, problems, new Conditions(null, 1, facts.now())).status(1);
  }

  public static Condition condition(MapwrightInstanceStatus status, ConditionType type) {
    return Conditions.find(status.conditions(), type).orElseThrow();
  }
}
