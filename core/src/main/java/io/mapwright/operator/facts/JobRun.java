package io.mapwright.operator.facts;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.mapwright.operator.backup.Drills;
import io.mapwright.operator.backup.JobReport;
import io.mapwright.operator.cause.Explanation;
import io.mapwright.operator.cause.PodProblem;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Excerpt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod of a backup, check, restore or drill.
 *
 * @param at when it ended; its creation time until then
 * @param report its result, if it ended
 * @param stuck why it cannot start, if it cannot
 */
public record JobRun(
    String pod,
    String job,
    Task task,
    Instant at,
    Optional<JobReport> report,
    Optional<PodProblem> stuck) {
  /** How long provisioning a volume may take before the run counts as stuck. */
  private static final Duration PROVISIONING = Duration.ofMinutes(10);

  /** Messages of the scheduler while an ephemeral volume is being created. */
  private static final List<String> BEING_MADE =
      List.of(
          "waiting for ephemeral volume controller", "unbound immediate PersistentVolumeClaims");

  public boolean stuckAt(Instant now) {
    return stuck
        .filter(why ->
            !now.isBefore(at.plus(PROVISIONING))
                || BEING_MADE.stream().noneMatch(why.message()::contains))
        .isPresent();
  }

  /** Says why it cannot start; empty if it can. */
  public String why(InstanceInput in) {
    return stuck.map(why -> new Explanation(in).of(why, Optional.empty()).message()).orElse("");
  }

  /**
   * The Job of a drill's pod that still reads the repository, or has not started. Empty once its
   * first container has ended, after which the map server starts.
   */
  public static Optional<String> fetchingDrill(Pod pod) {
    var labels = Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    var phase = Optional.ofNullable(pod.getStatus()).map(s -> s.getPhase()).orElse("");
    var fetched =
        statuses(pod)
            .anyMatch(
                status -> status.getName().equals(Drills.FETCH) && terminated(status).isPresent());
    return Optional.ofNullable(labels.get("batch.kubernetes.io/job-name"))
        .filter(_ -> Task.DRILL.label().equals(labels.get(Labels.TASK)))
        .filter(_ -> !fetched && !phase.equals("Succeeded") && !phase.equals("Failed"));
  }

  public boolean finished() {
    return report.isPresent();
  }

  public boolean failed() {
    return report.filter(r -> !r.succeeded()).isPresent();
  }

  /** Reads a pod; empty if it does not belong to a job. */
  public static Optional<JobRun> of(Pod pod) {
    var labels = Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    return Stream.of(Task.values())
        .filter(task -> task.label().equals(labels.get(Labels.TASK)))
        .findFirst()
        .map(task -> of(pod, task, labels.getOrDefault("batch.kubernetes.io/job-name", "")));
  }

  private static JobRun of(Pod pod, Task task, String job) {
    var phase = Optional.ofNullable(pod.getStatus()).map(s -> s.getPhase()).orElse("");
    var ended = phase.equals("Succeeded") || phase.equals("Failed");
    var made = Instant.parse(pod.getMetadata().getCreationTimestamp());
    var at =
        states(pod)
            .map(ContainerStateTerminated::getFinishedAt)
            .filter(time -> time != null)
            .map(Instant::parse)
            .max(Instant::compareTo)
            .filter(_ -> ended)
            .orElse(made);
    return new JobRun(
        pod.getMetadata().getName(),
        job,
        task,
        at,
        ended ? Optional.of(report(pod)) : Optional.empty(),
        ended ? Optional.empty() : PodProblem.of(pod).filter(PodProblem::blocksStart));
  }

  private static JobReport report(Pod pod) {
    var reports =
        states(pod)
            .flatMap(state ->
                JobReport.parse(Optional.ofNullable(state.getMessage()).orElse("")).stream())
            .toList();
    // The one that failed, else the last; with the facts of the earlier ones.
    var facts = new HashMap<String, String>();
    reports.forEach(report -> facts.putAll(report.facts()));
    return reports.stream()
        .filter(report -> !report.succeeded())
        .findFirst()
        .or(() -> killed(pod))
        .or(() -> reports.stream().reduce((_, last) -> last))
        .orElseGet(() -> new JobReport("start", 1, Map.of(), why(pod)))
        .withFacts(facts);
  }

  /** A container that was killed wrote no report, or an incomplete one. */
  private static Optional<JobReport> killed(Pod pod) {
    return statuses(pod)
        .filter(status -> terminated(status).map(t -> t.getExitCode() != 0).orElse(false))
        .findFirst()
        .map(status ->
            new JobReport(
                status.getName(),
                terminated(status).orElseThrow().getExitCode(),
                Map.of(),
                Optional.ofNullable(terminated(status).orElseThrow().getReason()).orElse("")));
  }

  private static String why(Pod pod) {
    return truncate(
        Stream.of(pod.getStatus().getReason(), pod.getStatus().getMessage())
            .filter(text -> text != null)
            .reduce((a, b) -> a + ": " + b)
            .orElse("the pod ended without a message"));
  }

  private static String truncate(String message) {
    return Excerpt.of(message, Conditions.LONGEST_MESSAGE);
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status ->
            Stream.concat(
                status.getInitContainerStatuses().stream(),
                status.getContainerStatuses().stream()));
  }

  private static Stream<ContainerStateTerminated> states(Pod pod) {
    return statuses(pod).flatMap(status -> terminated(status).stream());
  }

  private static Optional<ContainerStateTerminated> terminated(ContainerStatus status) {
    return Optional.ofNullable(status.getState()).map(state -> state.getTerminated());
  }
}
