package io.mapwright.operator.cause;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.mapwright.operator.model.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why one pod does not serve, from its status.
 *
 * @param container name of the container; empty if the whole pod is affected
 * @param image of that container, as in the pod's spec
 * @param reason reason given by the kubelet or the scheduler
 * @param message its message, unbounded and unmasked
 * @param exitCode of a container that ended; else 0
 * @param ran how long that container ran
 * @param restarts how often the container was started again
 */
public record PodProblem(
    Kind kind,
    String pod,
    String container,
    String image,
    String reason,
    String message,
    int exitCode,
    Duration ran,
    int restarts) {

  /** Kinds of problems, the most informative first. */
  public enum Kind {
    /** An image name is invalid. */
    IMAGE_NAME,
    /** A Secret, a ConfigMap, a key in one, or something else that a container needs is missing. */
    CONFIG,
    /** The runtime cannot start a container. */
    START,
    IMAGE_PULL,
    MEMORY,
    END,
    EVICTED,
    UNSCHEDULABLE,
    /** The pod is on a node that has not started its containers. */
    SETTING_UP,
    /** It runs and is not ready. */
    NOT_READY
  }

  private static final Set<String> PULLS =
      Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable");

  private static final Set<String> NEVER_STARTED = Set.of("StartError", "ContainerCannotRun");

  /** Reads a pod; empty if it is ready, has completed, or is being deleted. */
  public static Optional<PodProblem> of(Pod pod) {
    var status = pod.getStatus();
    if (status == null || pod.getMetadata().getDeletionTimestamp() != null || ready(status)) {
      return Optional.empty();
    }
    if ("Succeeded".equals(status.getPhase())) {
      return Optional.empty();
    }
    if ("Evicted".equals(status.getReason())) {
      return Optional.of(ofPod(pod, Kind.EVICTED, "Evicted", status.getMessage()));
    }
    return containers(status)
        .flatMap(container -> ofContainer(pod, container).stream())
        .min(Comparator.comparing(PodProblem::kind))
        .or(() -> unscheduled(pod))
        .or(() -> settingUp(pod));
  }

  /** The same for one container, even if another one explains more. */
  public static Optional<PodProblem> of(Pod pod, String container) {
    var status = pod.getStatus();
    if (status == null || pod.getMetadata().getDeletionTimestamp() != null || ready(status)) {
      return Optional.empty();
    }
    return containers(status)
        .filter(found -> container.equals(found.getName()))
        .flatMap(found -> ofContainer(pod, found).stream())
        .findFirst();
  }

  /** Whether it prevents the pod from starting its work. */
  public boolean blocksStart() {
    return switch (kind) {
      case IMAGE_NAME, CONFIG, START, IMAGE_PULL, UNSCHEDULABLE -> true;
      case MEMORY, END, EVICTED, SETTING_UP, NOT_READY -> false;
    };
  }

  /** Whether waiting does not fix it: it is not retried, or was retried often enough. */
  public boolean isPermanent(int starts) {
    return switch (kind) {
      case IMAGE_NAME, CONFIG -> true;
      case IMAGE_PULL -> !reason.equals("ErrImagePull");
      case START, MEMORY, END -> restarts >= starts;
      case EVICTED, UNSCHEDULABLE, SETTING_UP, NOT_READY -> false;
    };
  }

  private static boolean ready(PodStatus status) {
    return status.getConditions().stream()
        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private static Stream<ContainerStatus> containers(PodStatus status) {
    return Stream.concat(
        status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream());
  }

  private static Optional<PodProblem> ofContainer(Pod pod, ContainerStatus status) {
    return waiting(pod, status).or(() -> ended(pod, status)).or(() -> notReady(pod, status));
  }

  private static Optional<PodProblem> waiting(Pod pod, ContainerStatus status) {
    var waiting = Optional.ofNullable(status.getState()).map(state -> state.getWaiting());
    var reason = waiting.map(w -> w.getReason()).orElse("");
    var message = waiting.map(w -> w.getMessage()).orElse("");
    return kindOfWait(reason).map(kind -> of(pod, status, kind, reason, message, null));
  }

  private static Optional<Kind> kindOfWait(String reason) {
    return switch (reason) {
      case "InvalidImageName" -> Optional.of(Kind.IMAGE_NAME);
      case "CreateContainerConfigError", "CreateContainerError", "ImageInspectError" ->
          Optional.of(Kind.CONFIG);
      case "RunContainerError", "PreStartHookError", "PostStartHookError" ->
          Optional.of(Kind.START);
      default -> PULLS.contains(reason) ? Optional.of(Kind.IMAGE_PULL) : Optional.empty();
    };
  }

  /** The problem is the same while it waits for its restart and while it runs again. */
  private static Optional<PodProblem> ended(Pod pod, ContainerStatus status) {
    if (Boolean.TRUE.equals(status.getReady())) {
      return Optional.empty();
    }
    return Stream.of(status.getState(), status.getLastState())
        .filter(Objects::nonNull)
        .map(state -> state.getTerminated())
        .filter(Objects::nonNull)
        .findFirst()
        .filter(end -> !done(status, end))
        .map(end -> {
          var kind =
              switch (String.valueOf(end.getReason())) {
                case "OOMKilled" -> Kind.MEMORY;
                case String reason when NEVER_STARTED.contains(reason) -> Kind.START;
                default -> Kind.END;
              };
          return of(pod, status, kind, String.valueOf(end.getReason()), end.getMessage(), end);
        });
  }

  /** An init container that succeeded. */
  private static boolean done(ContainerStatus status, ContainerStateTerminated end) {
    return Objects.equals(end.getExitCode(), 0)
        && status.getState() != null
        && end.equals(status.getState().getTerminated())
        && Objects.requireNonNullElse(status.getRestartCount(), 0) == 0;
  }

  private static Optional<PodProblem> notReady(Pod pod, ContainerStatus status) {
    var runs = status.getState() != null && status.getState().getRunning() != null;
    return runs && !Boolean.TRUE.equals(status.getReady())
        ? Optional.of(of(pod, status, Kind.NOT_READY, "", "", null))
        : Optional.empty();
  }

  private static Optional<PodProblem> unscheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .map(c -> ofPod(pod, Kind.UNSCHEDULABLE, String.valueOf(c.getReason()), c.getMessage()))
        .findFirst();
  }

  private static Optional<PodProblem> settingUp(Pod pod) {
    var started =
        containers(pod.getStatus())
            .map(ContainerStatus::getState)
            .anyMatch(state -> state != null && state.getWaiting() == null);
    return started ? Optional.empty() : Optional.of(ofPod(pod, Kind.SETTING_UP, "", ""));
  }

  private static PodProblem ofPod(Pod pod, Kind kind, String reason, @Nullable String message) {
    return new PodProblem(
        kind,
        pod.getMetadata().getName(),
        "",
        "",
        reason,
        Objects.requireNonNullElse(message, ""),
        0,
        Duration.ZERO,
        0);
  }

  private static PodProblem of(
      Pod pod,
      ContainerStatus status,
      Kind kind,
      String reason,
      @Nullable String message,
      @Nullable ContainerStateTerminated end) {
    return new PodProblem(
        kind,
        pod.getMetadata().getName(),
        status.getName(),
        image(pod, status),
        reason,
        Objects.requireNonNullElse(message, ""),
        end == null ? 0 : Objects.requireNonNullElse(end.getExitCode(), 0),
        end == null ? Duration.ZERO : ran(end),
        Objects.requireNonNullElse(status.getRestartCount(), 0));
  }

  /** From the pod's spec: the status has another form of the name. */
  private static String image(Pod pod, ContainerStatus status) {
    return Stream.ofNullable(pod.getSpec())
        .flatMap(
            spec -> Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream()))
        .filter(container -> container.getName().equals(status.getName()))
        .map(container -> container.getImage())
        .findFirst()
        .orElse("");
  }

  private static Duration ran(ContainerStateTerminated end) {
    Function<@Nullable String, Optional<Instant>> time =
        text -> Optional.ofNullable(text).flatMap(Timestamps::parse);
    return time.apply(end.getStartedAt())
        .flatMap(from -> time.apply(end.getFinishedAt()).map(to -> Duration.between(from, to)))
        .orElse(Duration.ZERO);
  }
}
