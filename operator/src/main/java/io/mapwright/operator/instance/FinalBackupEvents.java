package io.mapwright.operator.instance;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the outcome of the final backup of an instance that is being deleted. */
record FinalBackupEvents(Events events, Clock clock) {
  private static final Logger log = LoggerFactory.getLogger(FinalBackupEvents.class);

  /** Also logged: an Event expires after an hour, or can no longer be written. */
  void publish(MapwrightInstance instance, DeletionProgress progress) {
    var id = NamespacedName.of(instance);
    var conditions = new Conditions(null, instance.getMetadata().getGeneration(), clock.instant());
    if (progress.saved()) {
      conditions.isTrue(ConditionType.FinalBackupMade, Reason.FinalBackupSaved, progress.message());
      log.info("{} is deleted: {}", id, progress.message());
    } else {
      conditions.isFalse(
          ConditionType.FinalBackupMade, Reason.FinalBackupMissing, progress.message());
      log.warn("{} is deleted: {}", id, progress.message());
    }
    conditions.list().forEach(condition -> events.publishOnce(instance, condition));
  }
}
