package io.mapwright.operator.check;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Drill;
import io.mapwright.operator.api.v1alpha1.MaintenanceWindow;
import io.mapwright.operator.api.v1alpha1.Resources;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.workload.GatewayConfig;
import io.mapwright.operator.workload.PodSecurity;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules for a spec that the schema cannot express. The first violated rule is reported; what
 * already runs keeps running as last planned.
 */
public final class InstanceRules {

  /** One rule: pure; empty if it is met. */
  public interface Rule extends Function<InstanceFacts, Optional<Problem>> {}

  private static final List<Rule> RULES =
      List.of(
          InstanceRules::hostsAreFree, //     two instances on one host: the older one keeps it
          InstanceRules::secretsAreTheUsers, // a pod can expose what it mounts
          InstanceRules
              ::ownSecretsAreUnread, // nor may it reference one that the operator will create
          InstanceRules
              ::keysMayBeRestored, //    the right to edit instances does not include creating keys
          InstanceRules::userIsNotTheGateways, // stored before the schema refused it
          InstanceRules::gatewayIsValid, //   what only the gateway's own model can validate
          InstanceRules::quantitiesParse, //  a quantity is a string to the schema
          InstanceRules::windowParses, //     time zone of the maintenance window
          InstanceRules::scheduleParses, //   cron and time zone
          InstanceRules::certificateFits); // HAProxy does not start with a pair that it refuses

  private InstanceRules() {}

  public static Optional<Problem> check(InstanceFacts facts) {
    return RULES.stream().flatMap(rule -> rule.apply(facts).stream()).findFirst();
  }

  public static Optional<Problem> hostsAreFree(InstanceFacts facts) {
    return facts.neighbours().hostOwners().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .findFirst()
        .map(taken ->
            accepted(
                Reason.HostConflict,
                "host "
                    + taken.getKey()
                    + " is served by an older instance"
                    + where(taken.getValue(), facts)
                    + "; remove it from one of the two"));
  }

  public static Optional<Problem> userIsNotTheGateways(InstanceFacts facts) {
    return facts.in().runAsUser() != PodSecurity.GATEWAY_USER
        ? Optional.empty()
        : Optional.of(
            accepted(
                Reason.InvalidGateway,
                "server.runAsUser is the user of the gateway, so the server could bind its ports; choose another"));
  }

  /** Names of objects in other namespaces are not disclosed. */
  private static String where(NamespacedName owner, InstanceFacts facts) {
    return owner.namespace().equals(facts.in().namespace())
        ? ", " + owner.name()
        : " in another namespace";
  }

  public static Optional<Problem> secretsAreTheUsers(InstanceFacts facts) {
    return facts.neighbours().operatorSecrets().stream()
        .findFirst()
        .map(use ->
            accepted(
                Reason.OwnSecret,
                use.field()
                    + ": Secret "
                    + use.name()
                    + " belongs to the operator, and no pod of yours may read it; use another Secret"));
  }

  public static Optional<Problem> ownSecretsAreUnread(InstanceFacts facts) {
    return facts
        .neighbours()
        .secretRead()
        .map(read ->
            accepted(
                Reason.OwnSecret,
                "MapwrightInstance "
                    + read.by()
                    + " lets its pods read Secret "
                    + read.secret()
                    + ", which this instance needs for itself; change that instance, or choose another name"));
  }

  public static Optional<Problem> keysMayBeRestored(InstanceFacts facts) {
    return facts
        .in()
        .restore()
        .flatMap(_ ->
            switch (facts.neighbours().keyRestorePermission()) {
              case ALLOWED -> Optional.empty();
              case NOT_GRANTED ->
                  Optional.of(
                      accepted(
                          Reason.RestoreNotAllowed,
                          "restore.keys: this restore recreates ApiKeys, which the operator has no permission for: set restores.keys to true in the values of its chart, or restore.keys to Leave. Nothing was changed"));
              case NOT_APPROVED ->
                  Optional.of(
                      accepted(
                          Reason.RestoreNotAllowed,
                          "restore.keys: this restore recreates ApiKeys, so somebody with permission to create them has to approve it: annotate any ApiKey of the instance in this namespace with "
                              + Labels.RESTORE_KEYS
                              + "="
                              + RestoreConsent.of(facts.in())
                              + ", or set restore.keys to Leave. "
                              + (facts.in().restorePhase().isEmpty()
                                  ? "Nothing was changed"
                                  : "The source of the restore was changed since; the restore waits")));
            });
  }

  public static Optional<Problem> gatewayIsValid(InstanceFacts facts) {
    return GatewayConfig.flaw(facts.in()).map(flaw -> accepted(Reason.InvalidGateway, flaw));
  }

  public static Optional<Problem> quantitiesParse(InstanceFacts facts) {
    var spec = facts.in().spec();
    var gateway = facts.in().gateway();
    var backup = facts.in().backup();
    return Stream.of(
            resources("server.resources", spec.server().resources()),
            resources("gateway.resources", gateway.map(g -> g.resources()).orElse(null)),
            resources("backup.resources", backup.map(Backup::resources).orElse(null)),
            quantity("server.volume.size", facts.in().volume().map(v -> v.size()).orElse(null)),
            quantity(
                "backup.volumeClone.size",
                backup.map(Backup::volumeClone).map(c -> c.size()).orElse(null)),
            quantity(
                "backup.repository.volume.size",
                backup.map(b -> b.repository().volume()).map(v -> v.size()).orElse(null)))
        .flatMap(Function.identity())
        .findFirst()
        .map(field ->
            accepted(
                Reason.InvalidQuantity,
                field + " is not a quantity; write for example 500m, 256Mi or 10Gi"));
  }

  public static Optional<Problem> windowParses(InstanceFacts facts) {
    return facts
        .in()
        .updates()
        .map(Updates::window)
        .map(MaintenanceWindow::timeZone)
        .filter(zone -> !ZoneId.getAvailableZoneIds().contains(zone))
        .map(_ ->
            accepted(
                Reason.InvalidSchedule,
                "updates.window.timeZone is not a name from the time zone database; write for example Europe/Oslo"));
  }

  public static Optional<Problem> scheduleParses(InstanceFacts facts) {
    var backup = facts.in().backup();
    if (backup.isEmpty()) {
      return Optional.empty();
    }
    var schedules = new LinkedHashMap<String, @Nullable String>();
    schedules.put("backup.schedule", backup.get().schedule());
    schedules.put("backup.checkSchedule", backup.get().checkSchedule());
    schedules.put(
        "backup.drill.schedule", backup.map(Backup::drill).map(Drill::schedule).orElse(null));
    for (var entry : schedules.entrySet()) {
      try {
        if (entry.getValue() != null) {
          Schedule.check(entry.getValue());
        }
      } catch (IllegalArgumentException e) {
        return Optional.of(
            accepted(
                Reason.InvalidSchedule,
                entry.getKey()
                    + " is neither a cron expression of five fields nor @every 6h, @daily or the like: "
                    + e.getMessage()));
      }
    }
    // Java accepts offsets such as UTC+2 as time zones, Kubernetes does not.
    return Optional.ofNullable(backup.get().timeZone())
        .filter(zone -> !ZoneId.getAvailableZoneIds().contains(zone))
        .map(_ ->
            accepted(
                Reason.InvalidSchedule,
                "backup.timeZone is not a name from the time zone database; write for example Europe/Oslo"));
  }

  public static Optional<Problem> certificateFits(InstanceFacts facts) {
    return facts
        .certificate()
        .flatMap(pair -> pair.problem(facts.now()))
        .map(flaw ->
            new Problem(
                ConditionType.TlsReady,
                Reason.CertificateInvalid,
                "Secret "
                    + facts.in().tlsSecret()
                    + ": "
                    + switch (flaw) {
                      case TOO_LARGE ->
                          "tls.crt has more than 64 KiB or tls.key more than 8 KiB; leave only the chain and its key in them";
                      case CERTIFICATE_UNPARSABLE -> "tls.crt is not a PEM certificate";
                      case KEY_UNPARSABLE -> "tls.key is not an unencrypted PEM private key";
                      case MISMATCH -> "tls.key does not belong to tls.crt";
                      case EXPIRED -> "the certificate has expired; renew it";
                      case NOT_YET_VALID ->
                          "the certificate is not valid yet; check its dates and the cluster's clock";
                    }));
  }

  private static Stream<String> resources(String field, @Nullable Resources resources) {
    if (resources == null) {
      return Stream.empty();
    }
    return Stream.concat(
        quantities(field + ".requests", resources.requests()),
        quantities(field + ".limits", resources.limits()));
  }

  private static Stream<String> quantities(
      String field, @Nullable Map<String, Quantity> quantities) {
    return quantities == null
        ? Stream.empty()
        : quantities.entrySet().stream()
            .flatMap(e -> quantity(field + "." + e.getKey(), e.getValue()));
  }

  private static Stream<String> quantity(String field, @Nullable Quantity quantity) {
    if (quantity == null) {
      return Stream.empty();
    }
    try {
      return quantity.getNumericalAmount().signum() < 0 ? Stream.of(field) : Stream.empty();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Stream.of(field);
    }
  }

  private static Problem accepted(Reason reason, String message) {
    return new Problem(ConditionType.Accepted, reason, message);
  }
}
