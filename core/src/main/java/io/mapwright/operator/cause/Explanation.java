package io.mapwright.operator.cause;

import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.status.SanitizedText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns the state of one pod into a message for the user: what is wrong, the field that causes it,
 * and what to do next. The same problem always gives the same message, whatever the state between
 * two attempts is called.
 */
public final class Explanation {
  /** Length of a quotation in a message. */
  private static final int QUOTED = 400;

  private static final int MAX_OUTPUT = 300;

  private static final Pattern BACK_OFF =
      Pattern.compile("^Back-off pulling image \"[^\"]*\"(: Err[A-Za-z]*)?:? ?");

  /** A different one with each attempt. */
  private static final Pattern SOURCE_PORT = Pattern.compile("[^ ]{1,64}:[0-9]{1,5}->");

  /** The scheduler's note about preemption. */
  private static final Pattern PREEMPTION =
      Pattern.compile("[.]? *(no new claims to deallocate, *)?preemption: .*$|[. ]+$");

  private static final Pattern ABSENT =
      Pattern.compile("(secret|configmap|persistentvolumeclaim) \"([^\"]{1,253})\" not found");
  private static final Pattern NO_KEY =
      Pattern.compile("couldn't find key ([^ ]{1,253}) in (Secret|ConfigMap) [^ /]*/([^ ]{1,253})");
  private static final Pattern NO_CLASS =
      Pattern.compile("storageclass[.a-z0-9]* \"([^\"]{1,253})\" not found");

  /**
   * Exit codes of a container that was terminated: the kubelet does that to one that does not
   * answer.
   */
  private static final Set<Integer> TERMINATED = Set.of(0, 137, 143);

  private final InstanceInput in;
  private final Fields fields;

  public Explanation(InstanceInput in) {
    this.in = in;
    fields = new Fields(in);
  }

  /**
   * Explains what keeps a pod from running.
   *
   * @param event an Event about the pod or its volume claim, if it was read
   */
  public Cause of(PodProblem problem, Optional<EventMessage> event) {
    return switch (problem.kind()) {
      case IMAGE_NAME -> imageName(problem);
      case IMAGE_PULL -> imagePull(problem);
      case CONFIG -> config(problem);
      case START -> start(problem);
      case MEMORY -> memory(problem);
      case END -> end(problem);
      case EVICTED ->
          new Cause(
              Reason.PodsNotReady,
              "pod " + problem.pod() + " was evicted by its node: " + quoted(problem));
      case UNSCHEDULABLE -> unschedulable(problem, event);
      case SETTING_UP -> settingUp(problem, event);
      case NOT_READY -> notReady(problem);
    };
  }

  private Cause imageName(PodProblem problem) {
    return new Cause(
        Reason.ImageNameInvalid,
        image(problem)
            + " is not the name of an image: "
            + quoted(problem)
            + ". Write registry/path:tag or registry/path@sha256:…, the path in lower case");
  }

  private Cause imagePull(PodProblem problem) {
    var tried = BACK_OFF.matcher(SanitizedText.of(problem.message(), QUOTED)).replaceFirst("");
    var message = SOURCE_PORT.matcher(tried).replaceAll("");
    return new Cause(
        Reason.ImageNotPulled,
        image(problem) + " cannot be pulled: " + pullAdvice(message) + inParentheses(message));
  }

  private static String pullAdvice(String message) {
    var lower = message.toLowerCase(Locale.ROOT);
    if (containsAny(
        lower, "unauthorized", "denied", "authentication", "authorization", "forbidden")) {
      return "the registry refuses it: check the name, and for a private image name its Secret in server.imagePullSecrets";
    }
    if (containsAny(lower, "no such host", "lookup ")) {
      return "the node cannot find the registry's address: check the registry in the name and the node's DNS";
    }
    if (containsAny(lower, "not found", "manifest unknown", "does not exist")) {
      return "the registry has no such image or tag: check both";
    }
    if (containsAny(lower, "x509", "certificate", "tls:")) {
      return "the node does not trust the registry's certificate";
    }
    if (containsAny(lower, "timeout", "refused", "unreachable", "no route", "deadline")) {
      return "the node cannot reach the registry: see its network and proxy settings";
    }
    return "check the name and the tag, and server.imagePullSecrets for a private registry";
  }

  private Cause config(PodProblem problem) {
    var message = SanitizedText.of(problem.message(), QUOTED);
    return missing(message, problem.pod())
        .orElseGet(() ->
            new Cause(
                Reason.ContainerNotStarted,
                "container "
                    + problem.container()
                    + " of pod "
                    + problem.pod()
                    + " cannot be created: "
                    + message
                    + "; see "
                    + describe(problem)));
  }

  /** A Secret, a ConfigMap, or a key in one. */
  private Optional<Cause> missing(String message, String pod) {
    var key = NO_KEY.matcher(message);
    if (key.find()) {
      var secret = key.group(2).equals("Secret");
      return Optional.of(
          new Cause(
              Reason.ReferenceMissing,
              field(secret ? fields.ofSecret(key.group(3)) : fields.ofConfigMap(key.group(3)))
                  + key.group(2)
                  + " "
                  + key.group(3)
                  + " has no key "
                  + key.group(1)
                  + "; add it, or name another key"));
    }
    var absent = ABSENT.matcher(message);
    if (!absent.find()) {
      return Optional.empty();
    }
    var name = absent.group(2);
    return switch (absent.group(1)) {
      case "persistentvolumeclaim" -> Optional.of(claimMissing(name));
      case "secret" -> Optional.of(reference("Secret", name, fields.ofSecret(name), pod));
      default -> Optional.of(reference("ConfigMap", name, fields.ofConfigMap(name), pod));
    };
  }

  private Cause reference(String kind, String name, String field, String pod) {
    return new Cause(
        Reason.ReferenceMissing,
        field.isEmpty()
            ? "pod "
                + pod
                + " waits for "
                + kind
                + " "
                + name
                + ", which does not exist; the operator recreates its own Secrets, and the node checks every two minutes"
            : field(field)
                + kind
                + " "
                + name
                + " does not exist in this namespace; create it, or name another");
  }

  private static String field(String field) {
    return field.isEmpty() ? "" : field + ": ";
  }

  private Cause claimMissing(String claim) {
    return new Cause(
        Reason.VolumeMissing,
        fields.ofClaim(claim)
            + ": PersistentVolumeClaim "
            + claim
            + " does not exist in this namespace; create it, or name another");
  }

  private Cause start(PodProblem problem) {
    return new Cause(
        Reason.ContainerNotStarted,
        container(problem)
            + " cannot be started: "
            + quoted(problem)
            + (isServer(problem)
                ? "; check server.command, and server.args, against the contents of the image"
                : "; see " + describe(problem)));
  }

  private Cause memory(PodProblem problem) {
    return new Cause(
        Reason.OutOfMemory,
        container(problem)
            + " was killed for using more memory than its limit; raise "
            + (isServer(problem) ? "server" : "gateway")
            + ".resources.limits.memory");
  }

  private Cause end(PodProblem problem) {
    if (isServer(problem)
        && TERMINATED.contains(problem.exitCode())
        && problem.ran().compareTo(in.startup().dividedBy(2)) >= 0) {
      return new Cause(
          Reason.ServerNotAnswering,
          "the map server was restarted because it did not answer within "
              + in.startup().toSeconds()
              + " s: "
              + howToAnswer()
              + ", or raise server.startupSeconds");
    }
    var output = SanitizedText.lastLines(problem.message(), MAX_OUTPUT);
    return new Cause(
        Reason.ContainerEnds,
        container(problem)
            + " exits with code "
            + problem.exitCode()
            + " and is restarted"
            + (output.isEmpty() ? "" : "; its last output: \"" + output + "\"")
            + "; see kubectl logs "
            + problem.pod()
            + " -c "
            + problem.container()
            + " --previous");
  }

  private Cause unschedulable(PodProblem problem, Optional<EventMessage> event) {
    var message = SanitizedText.of(problem.message(), QUOTED);
    var absent = missing(message, problem.pod());
    if (absent.isPresent()) {
      return absent.get();
    }
    if (message.contains("PersistentVolumeClaim") || message.contains("ephemeral volume")) {
      return volume(problem, event);
    }
    return new Cause(
        Reason.Unschedulable,
        "no node takes pod "
            + problem.pod()
            + ": "
            + PREEMPTION.matcher(message).replaceFirst("")
            + ". "
            + schedulingAdvice(message));
  }

  private static String schedulingAdvice(String message) {
    if (message.contains("Insufficient")) {
      return "Lower server.resources.requests, or add a node with room";
    }
    if (message.contains("volume node affinity")) {
      return "The volume is on a node that cannot take the pod: free that node, or move the volume";
    }
    return message.contains("taint")
        ? "The nodes have taints: add a node without taints, or remove them"
        : "See kubectl describe node";
  }

  private Cause volume(PodProblem problem, Optional<EventMessage> event) {
    if (event.isEmpty()) {
      return new Cause(
          Reason.PodsNotReady,
          "pod "
              + problem.pod()
              + " waits for a volume: "
              + quoted(problem)
              + "; see kubectl get pvc");
    }
    var claim = in.dataClaim().orElse("");
    var of = (claim.isEmpty() ? "server.volume" : fields.ofClaim(claim)) + ": ";
    var message = event.get().message();
    var noClass = NO_CLASS.matcher(message);
    if (noClass.find()) {
      return new Cause(
          Reason.VolumeMissing,
          "server.volume.storageClassName: there is no storage class "
              + noClass.group(1)
              + " for PersistentVolumeClaim "
              + claim
              + "; see kubectl get storageclass. A claim keeps the class it was created with: fix the field, then delete the claim, which is empty");
    }
    if (message.contains("no storage class is set")) {
      return new Cause(
          Reason.VolumeMissing,
          of
              + "PersistentVolumeClaim "
              + claim
              + " has no storage class and the cluster has no default one: set server.volume.storageClassName, or create a volume for it");
    }
    if (event.get().reason().equals("ProvisioningFailed")) {
      return new Cause(
          Reason.VolumeMissing,
          of
              + "no volume could be provisioned for PersistentVolumeClaim "
              + claim
              + ": "
              + message
              + "; see kubectl describe pvc "
              + claim);
    }
    return new Cause(
        Reason.PodsNotReady,
        of
            + "pod "
            + problem.pod()
            + " waits for the volume of PersistentVolumeClaim "
            + claim
            + inParentheses(message)
            + "; see kubectl describe pvc "
            + claim);
  }

  private Cause settingUp(PodProblem problem, Optional<EventMessage> event) {
    if (event.isEmpty()) {
      return new Cause(
          Reason.PodsNotReady,
          "pod " + problem.pod() + " is being set up; see " + describe(problem));
    }
    var message = event.get().message();
    return missing(message, problem.pod())
        .orElseGet(() ->
            new Cause(
                Reason.PodNotSetUp,
                "the node cannot set pod "
                    + problem.pod()
                    + " up ("
                    + event.get().reason()
                    + "): "
                    + message
                    + "; see "
                    + describe(problem)));
  }

  private Cause notReady(PodProblem problem) {
    return new Cause(
        Reason.PodsNotReady,
        isServer(problem)
            ? "the map server of pod "
                + problem.pod()
                + " is running but does not answer yet: "
                + howToAnswer()
            : container(problem)
                + " of pod "
                + problem.pod()
                + " is running but not ready yet; the condition KeysInSync shows whether the operator can reach it");
  }

  private String howToAnswer() {
    return "GET "
        + in.healthPath()
        + " on port "
        + in.serverPort()
        + " must answer 200 (server.healthPath, server.port)";
  }

  private String image(PodProblem problem) {
    return fields.ofImage(problem.image()) + " " + SanitizedText.of(problem.image(), QUOTED);
  }

  private static boolean isServer(PodProblem problem) {
    return problem.container().equals("server");
  }

  private static String container(PodProblem problem) {
    return switch (problem.container()) {
      case "server" -> "the map server";
      case "gateway" -> "the gateway";
      default -> "container " + problem.container();
    };
  }

  private static String quoted(PodProblem problem) {
    return SanitizedText.of(problem.message(), QUOTED);
  }

  private static String describe(PodProblem problem) {
    return "kubectl describe pod " + problem.pod();
  }

  private static String inParentheses(String message) {
    return message.isEmpty() ? "" : " (" + message + ")";
  }

  private static boolean containsAny(String text, String... parts) {
    return List.of(parts).stream().anyMatch(text::contains);
  }
}
