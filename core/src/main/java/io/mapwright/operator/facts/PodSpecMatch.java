package io.mapwright.operator.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Whether a pod matches a template: the same containers, and no difference in what they run, read
 * or reach. Scheduling, resources and security context are left to the scheduler and to admission,
 * and not compared. An injected container or a rewritten image is a mismatch. Pure.
 */
public final class PodSpecMatch {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "affinity",
          "imagePullPolicy",
          "imagePullSecrets",
          "nodeName",
          "nodeSelector",
          "overhead",
          "preemptionPolicy",
          "priority",
          "priorityClassName",
          "resources",
          "runtimeClassName",
          "schedulerName",
          "securityContext",
          "serviceAccount",
          "terminationGracePeriodSeconds",
          "tolerations",
          "topologySpreadConstraints");

  /** Defaults that the API server sets. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "apiVersion", "v1",
          "defaultMode", "420",
          "dnsPolicy", "ClusterFirst",
          "terminationMessagePath", "/dev/termination-log",
          "terminationMessagePolicy", "File",
          "volumeMode", "Filesystem");

  private PodSpecMatch() {}

  /**
   * Returns whether they match.
   *
   * @param template as desired or as stored
   * @param pod as stored
   */
  public static boolean of(PodSpec template, PodSpec pod) {
    return same(
        JSON.convertValue(template, JsonNode.class), JSON.convertValue(pod, JsonNode.class));
  }

  private static boolean same(JsonNode wanted, JsonNode found) {
    if (wanted.isObject() && found.isObject()) {
      return Stream.concat(names(wanted), names(found))
          .distinct()
          .filter(name -> !NOT_COMPARED.contains(name))
          .allMatch(name -> sameField(name, wanted.path(name), found.path(name)));
    }
    if (wanted.isArray() && found.isArray()) {
      return wanted.size() == found.size()
          && Stream.iterate(0, i -> i + 1)
              .limit(wanted.size())
              .allMatch(i -> same(wanted.get(i), found.get(i)));
    }
    return wanted.asText().equals(found.asText()) && wanted.isValueNode() == found.isValueNode();
  }

  private static boolean sameField(String name, JsonNode wanted, JsonNode found) {
    if (unset(wanted)) {
      return unset(found) || found.asText().equals(DEFAULTS.get(name));
    }
    return !unset(found) && same(wanted, found);
  }

  private static Stream<String> names(JsonNode object) {
    Iterable<String> names = object::fieldNames;
    return StreamSupport.stream(names.spliterator(), false);
  }

  /** The API server drops empty values. */
  private static boolean unset(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isBoolean() && !value.asBoolean());
  }
}
