package io.mapwright.operator.plan;

import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.facts.InstanceFacts;

/** What a restore needs done in this pass, beside the objects of the plan. */
public enum RestoreStep {
  NONE,
  /** It begins: find out whether it filled this very volume before. */
  READ_RECORD,
  /** It filled the volume: write that down, before the step that this allows. */
  WRITE_RECORD,
  /** Make the keys of the snapshot again. */
  MAKE_KEYS;

  public static RestoreStep of(InstanceFacts facts) {
    var in = facts.in();
    var phase = in.restorePhase();
    if (phase.filter(RestorePhase.Keys::equals).isPresent()) {
      return facts.keyRestoreDenied() ? NONE : MAKE_KEYS;
    }
    if (in.restore().isEmpty() || Boolean.TRUE.equals(in.spec().paused())) {
      return NONE;
    }
    if (phase.isEmpty()) {
      return READ_RECORD;
    }
    return phase.filter(RestorePhase.Filling::equals).isPresent()
            && in.restoreJob().flatMap(facts.backups()::filled).isPresent()
        ? WRITE_RECORD
        : NONE;
  }
}
