package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.model.Given;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Facts for tests. */
public final class GivenFacts {
  public static final BackupFacts NO_BACKUPS =
      new BackupFacts(Optional.empty(), List.of(), Optional.empty(), RestoreFacts.NONE);

  private GivenFacts() {}

  public static InstanceFacts withBackup(String spec, @Nullable String lastSuccess) {
    var before =
        Serialization.unmarshal(
            """
            repository: /repository
            repositorySince: "2027-02-28T12:00:00Z"
            lastSuccessfulTime: %s
            """
                .formatted(lastSuccess),
            BackupStatus.class);
    return notDeployed(
        spec,
        new BackupFacts(Optional.empty(), List.of(), Optional.of(before), RestoreFacts.NONE),
        Optional.empty());
  }

  public static InstanceFacts notDeployed(
      String spec, BackupFacts backups, Optional<PodAge> oldestPod) {
    return new InstanceFacts(
        Given.input(spec),
        NamespaceConflicts.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        backups,
        oldestPod,
        Map.of(),
        true,
        Given.NOW);
  }

  public static Pod pod(String name, String task, String status) {
    return Serialization.unmarshal(
        """
        metadata:
          name: %s
          creationTimestamp: "2027-03-01T03:00:00Z"
          labels: {mapwright.io/task: %s}
        status:
        %s\
        """
            .formatted(name, task, status.indent(2)),
        Pod.class);
  }

  public static String ended(
      String phase, String container, int exit, String minute, String message) {
    return """
    phase: %s
    containerStatuses:
      - name: %s
        state:
          terminated:
            exitCode: %d
            finishedAt: "2027-03-01T03:%s:00Z"
            message: |-
    %s\
    """
        .formatted(phase, container, exit, minute, message.indent(10));
  }
}
