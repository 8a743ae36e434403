package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Distinguishes the pods of an instance's Jobs from imitations. Labels and owner references are
 * written by the author of the pod, so the pod must also match the Job's template.
 *
 * @param jobs finds a known Job by its name in the instance's namespace
 * @param cronJobs finds a CronJob in the same way
 */
public record JobOrigin(
    InstanceInput in,
    Function<String, Optional<Job>> jobs,
    Function<String, Optional<CronJob>> cronJobs) {

  public boolean made(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> owner.getKind().equals(HasMetadata.getKind(Job.class)))
        .anyMatch(owner ->
            jobs.apply(owner.getName())
                .filter(job -> owner.getUid().equals(job.getMetadata().getUid()))
                .filter(this::ours)
                .filter(job -> made(pod, job))
                .isPresent());
  }

  private static boolean made(Pod pod, Job job) {
    var template = job.getSpec().getTemplate();
    var podLabels = labels(pod.getMetadata().getLabels());
    var task = labels(template.getMetadata().getLabels()).get(Labels.TASK);
    return job.getMetadata().getName().equals(podLabels.get("batch.kubernetes.io/job-name"))
        && task != null
        && task.equals(podLabels.get(Labels.TASK))
        && PodSpecMatch.of(template.getSpec(), pod.getSpec());
  }

  private boolean ours(Job job) {
    // The only Job without an owner: it outlives the instance.
    return job.getMetadata().getName().equals(Names.finalBackup(in.name(), in.uid()))
        || job.getMetadata().getOwnerReferences().stream().anyMatch(this::isOurs);
  }

  private boolean isOurs(OwnerReference owner) {
    if (owner.getKind().equals(HasMetadata.getKind(MapwrightInstance.class))) {
      return owner.getUid().equals(in.uid());
    }
    var ours = Set.of(Names.backup(in.name()), Names.check(in.name()), Names.drill(in.name()));
    return owner.getKind().equals(HasMetadata.getKind(CronJob.class))
        && ours.contains(owner.getName())
        && cronJobs
            .apply(owner.getName())
            .filter(schedule -> owner.getUid().equals(schedule.getMetadata().getUid()))
            .filter(schedule -> Labels.owns(in.name(), schedule))
            .isPresent();
  }

  private static Map<String, String> labels(Map<String, String> labels) {
    return labels == null ? Map.of() : labels;
  }
}
