package io.mapwright.operator.plan;

import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.facts.InstanceFacts;

/** What a restore does in this pass, besides the objects of the plan. */
public enum RestoreStep {
  NONE,
  /** It starts: find out whether it already filled this volume. */
  READ_RECORD,
  /** It filled the volume: record that before the next step. */
  WRITE_RECORD,
  /** Recreate the keys of the snapshot. */
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
