package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.api.v1alpha1.UpdatePhase;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.chart.Right;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.ImageDecision;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.RunningImages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The rights that the operator's code needs in a namespace that it serves. */
public final class RbacNeeds {
  /** Together they want every row of the plan, and each optional row is left out by one of them. */
  private static final List<InstanceInput> INPUTS =
      Stream.concat(
              Stream.of(
                  Given.input(
                      Given.restoring(
                          """
                          hosts: [maps.example.com]
                          server: {image: "maps:1", volume: {size: 1Gi}}
                          tls: {issuerRef: {name: ca}}
                          backup: {schedule: "@daily", repository: {volume: {size: 1Gi}}}
                          restore: {id: once}
                          """,
                          RestorePhase.Filling))),
              Stream.of(
                      """
                      hosts: [maps.example.com]
                      server: {image: "maps:1"}
                      tls: {secretName: maps-certificate}
                      """,
                      """
                      hosts: [maps.example.com]
                      server:
                        image: "maps:1"
                        volume: {size: 1Gi}
                        autoscaling: {maxReplicas: 3}
                      tls: {issuerRef: {name: ca}}
                      exposure: {type: Ingress}
                      backup: {schedule: "@daily", checkSchedule: "@weekly", drill: {schedule: "@weekly"}, onDeletion: {}, repository: {volume: {size: 1Gi}}}
                      monitoring: {serviceMonitor: {}}
                      deletionPolicy: Delete
                      """,
                      InstancePlanTest.routed(32, 16),
                      """
                      hosts: [maps.example.com]
                      server: {image: "maps:1", volume: {size: 1Gi}}
                      tls: {issuerRef: {name: ca}}
                      backup: {schedule: "@daily", repository: {rest: {url: "https://backup.example.com/"}}, drill: {schedule: "@weekly"}}
                      """)
                  .map(Given::input))
          .flatMap(in ->
              Stream.of(in, backingUp(in), deleting(in), in.withFetchingDrills(Set.of("drill"))))
          .toList();

  private RbacNeeds() {}

  /** The same while a backup comes before an update. */
  private static InstanceInput backingUp(InstanceInput in) {
    var update =
        new UpdateStatus(UpdatePhase.BackingUp, "maps:1", "maps:2", null, null, null, null);
    return in.with(
        new ImageDecision(
            "maps:1", Optional.of(update), Optional.empty(), Optional.empty(), RunningImages.NONE));
  }

  /** The same while its final backup is made. */
  private static InstanceInput deleting(InstanceInput in) {
    return in.with(new DeletionProgress(DeletionProgress.Phase.BACKING_UP, "", Given.NOW, false));
  }

  public static Set<Right> inServedNamespaces() {
    var rights = new TreeSet<Right>();
    for (var part : InstancePlan.rows()) {
      // Looked at before the first apply, for it may be somebody else's.
      add(rights, part.kind(), "get", "create");
      // Secrets are read by name: a right to list them would be one to read them all.
      if (!part.kind().equals(Secret.class)) {
        add(rights, part.kind(), "list", "watch");
      }
      if (!part.once()) {
        add(rights, part.kind(), "patch");
      }
      if (part.once()) {
        add(rights, part.kind(), "update");
      }
      if (isPruned(part)) {
        add(rights, part.kind(), "delete");
      }
    }
    for (var kind : List.of(MapwrightInstance.class, ApiKey.class, OriginPolicy.class)) {
      add(rights, kind, "list", "watch");
      rights.add(Right.to("patch", kind, "status"));
    }
    // A status that somebody else wrote is replaced.
    rights.add(Right.to("update", MapwrightInstance.class, "status"));
    rights.add(Right.to("update", ApiKey.class, "status"));
    // The finalizer of those that ask for a final backup.
    rights.add(Right.to("patch", MapwrightInstance.class));
    // The owners of objects that block their deletion.
    rights.add(Right.to("update", MapwrightInstance.class, "finalizers"));
    rights.add(Right.to("update", ApiKey.class, "finalizers"));
    // A key's Secret: is the name taken, then make it, replace it when the key rotates.
    add(rights, Secret.class, "get", "create", "update");
    // The files of keys that backups keep.
    add(rights, Secret.class, "patch");
    add(rights, Pod.class, "list", "watch");
    // Keys that a restore makes again, and where it reads them.
    rights.add(Right.to("get", Pod.class, "log"));
    add(rights, ApiKey.class, "create");
    add(rights, OriginPolicy.class, "create");
    // Told of its own; read of an object that is not ready.
    add(rights, Event.class, "create", "list");
    return rights;
  }

  /** The same of an operator that watches all namespaces. */
  public static Set<Right> inTheCluster() {
    var rights = new TreeSet<>(inServedNamespaces());
    // Labels, by which instances choose their guests.
    add(rights, Namespace.class, "list", "watch");
    return rights;
  }

  /** Returns the rows that no input wants: as long as there is one, the rights are not known. */
  static List<String> neverWanted() {
    return InstancePlan.rows().stream()
        .filter(part -> INPUTS.stream().noneMatch(part::wanted))
        .map(PlanRow::id)
        .toList();
  }

  /** Names depend on the instance's name alone, so what is always wanted is never pruned. */
  private static <R extends HasMetadata> boolean isPruned(PlanRow<R> part) {
    return !part.kind().equals(PersistentVolumeClaim.class)
        // While an instance is being deleted nothing is pruned.
        && !INPUTS.stream().filter(in -> in.deletion().isEmpty()).allMatch(part::wanted)
        && INPUTS.stream().filter(part::wanted).anyMatch(in -> isControlled(part, in));
  }

  private static <R extends HasMetadata> boolean isControlled(PlanRow<R> part, InstanceInput in) {
    return part.desired().apply(PlanInput.of(in)).getMetadata().getOwnerReferences().stream()
        .anyMatch(ref -> Boolean.TRUE.equals(ref.getController()));
  }

  private static void add(Set<Right> rights, Class<? extends HasMetadata> kind, String... verbs) {
    for (var verb : verbs) {
      rights.add(Right.to(verb, kind));
    }
  }
}
