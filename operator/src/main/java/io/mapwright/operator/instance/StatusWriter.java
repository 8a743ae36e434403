package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.StatusPatch;
import io.mapwright.operator.kube.StatusRepairLimiter;
import io.mapwright.operator.report.InstanceReport;
import io.mapwright.operator.report.NextPass;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the status if it has changed, and an Event for each relevant change. */
final class StatusWriter {
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private final StatusSeal seal;
  private final Events events;
  private final StatusRepairLimiter repairs = new StatusRepairLimiter();

  StatusWriter(StatusSeal seal, Events events) {
    this.seal = seal;
    this.events = events;
  }

  UpdateControl<MapwrightInstance> report(
      InstanceFacts facts,
      List<Problem> problems,
      MapwrightInstance instance,
      KubernetesClient client) {
    var before = Optional.ofNullable(instance.getStatus());
    var generation = instance.getMetadata().getGeneration();
    var conditions =
        new Conditions(
            before.map(MapwrightInstanceStatus::conditions).orElse(null), generation, facts.now());
    var status =
        seal.seal(
            instance.getMetadata().getUid(),
            new InstanceReport(facts, problems, conditions).status(generation),
            before.map(MapwrightInstanceStatus::seal).orElse(null));
    conditions.changed().stream()
        .filter(StatusWriter::deservesEvent)
        .forEach(condition -> {
          events.publish(instance, condition);
          logHosts(facts, condition);
        });
    var again = new NextPass(facts, problems).after(status);
    if (Objects.equals(before.orElse(null), status)) {
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(again);
    }
    var patch = new MapwrightInstance();
    patch.setMetadata(StatusPatch.nameOf(instance));
    patch.setStatus(status);
    if (!TrustedStatus.rejected(before.orElse(null))) {
      return UpdateControl.patchStatus(patch).rescheduleAfter(again);
    }
    var turn = repairs.take(instance.getMetadata().getUid(), facts.now());
    if (!turn.now()) {
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(turn.pause());
    }
    StatusPatch.replace(instance, patch, client);
    if (turn.publishEvent()) {
      events.publish(instance, foreignStatus(facts));
    }
    return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(again);
  }

  private static Condition foreignStatus(InstanceFacts facts) {
    var conditions = new Conditions(null, 0, facts.now());
    conditions.isFalse(
        ConditionType.Accepted,
        Reason.StatusForeign,
        "the status was changed by somebody other than this operator; it was restored. Check who"
            + " may write mapwrightinstances/status; if it happens again, another operator with its own"
            + " seal may be writing here");
    return conditions.list().getFirst();
  }

  /** Conditions and Events name no objects of another namespace; the operator's log may. */
  private static void logHosts(InstanceFacts facts, Condition condition) {
    if (Reason.HostConflict.name().equals(condition.getReason())) {
      log.info("hosts of {} are taken: {}", facts, facts.neighbours().hostOwners());
    }
  }

  /** No Event for waiting on pods; one for what a user must fix, and for its resolution. */
  private static boolean deservesEvent(Condition condition) {
    if (ConditionType.Ready.name().equals(condition.getType())) {
      return "True".equals(condition.getStatus());
    }
    var waiting =
        Set.of(
            Reason.CertificatePending.name(),
            Reason.PodsNotReady.name(),
            Reason.TableNotEnforced.name(),
            Reason.UpdateRollingOut.name(),
            Reason.ScaledToZero.name());
    if (Reason.NeverBackedUp.name().equals(condition.getReason())) {
      return true;
    }
    return "False".equals(condition.getStatus()) && !waiting.contains(condition.getReason());
  }
}
