package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.status.SanitizedText;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Explains why the API server refused an object, for whoever has to fix it. Pure. */
final class Refusal {
  private static final int QUOTED = 512;

  /** The message of RBAC; quotas and admission policies answer 403 too, with other messages. */
  private static final Pattern LACKS =
      Pattern.compile(
          "cannot ([a-z]+) resource \"([^\"]+)\" in API group \"([^\"]*)\"(?: in the namespace \"([^\"]+)\")?");

  private static final Pattern FORBIDDEN = Pattern.compile("^[^ ]+ \"[^\"]*\" is forbidden: ");

  private static final int UNPROCESSABLE = 422;

  private Refusal() {}

  /** Returns what has to be fixed; empty if the answer is not about the object. */
  static Optional<Problem> of(String object, KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN -> Optional.of(forbidden(object, e));
      case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE ->
          Optional.of(refused(object, e));
      default -> Optional.empty();
    };
  }

  /** The problem for an answer of 403. */
  static Problem forbidden(String object, KubernetesClientException e) {
    var message = message(e);
    var lacks = LACKS.matcher(message);
    if (lacks.find()) {
      var group = lacks.group(3);
      return problem(
          Reason.Forbidden,
          "the operator may not write "
              + object
              + ": "
              + missingPermission(
                  lacks.group(1),
                  lacks.group(2) + (group.isEmpty() ? "" : "." + group),
                  Optional.ofNullable(lacks.group(4))));
    }
    var quota = message.contains("exceeded quota");
    return problem(
        message.contains("blockOwnerDeletion") ? Reason.Forbidden : Reason.Refused,
        "the API server refused "
            + object
            + ": "
            + FORBIDDEN.matcher(message).replaceFirst("")
            + (quota
                ? ". Raise the quota of the namespace, or ask for less"
                : ". Ask the cluster's administrator for an exception from that rule"));
  }

  /** Names the missing permission, and how to grant it. */
  static String missingPermission(String verb, String resource, Optional<String> namespace) {
    return "its role lacks the verb "
        + verb
        + " on "
        + resource
        + namespace.map(ns -> " in namespace " + ns).orElse("")
        + "; the chart's roles have it, \"helm upgrade\" brings them up to date";
  }

  /** The problem for an answer that the object itself is invalid. */
  static Problem refused(String object, KubernetesClientException e) {
    return problem(Reason.Refused, "the API server refused " + object + ": " + message(e));
  }

  private static Problem problem(Reason reason, String message) {
    return new Problem(ConditionType.Applied, reason, message);
  }

  private static String message(KubernetesClientException e) {
    return SanitizedText.of(
        Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElse("it did not say why"),
        QUOTED);
  }
}
