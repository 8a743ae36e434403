package io.mapwright.operator.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Set;
import java.util.TreeSet;

/** One verb on one resource, as RBAC counts them. */
public record Right(String group, String resource, String verb) implements Comparable<Right> {

  public static Right to(String verb, Class<? extends HasMetadata> kind) {
    return new Right(HasMetadata.getGroup(kind), HasMetadata.getPlural(kind), verb);
  }

  public static Right to(String verb, Class<? extends HasMetadata> kind, String subresource) {
    return new Right(
        HasMetadata.getGroup(kind), HasMetadata.getPlural(kind) + "/" + subresource, verb);
  }

  /** What the rules of a Role or ClusterRole grant. */
  static Set<Right> grantedBy(JsonNode role) {
    var rights = new TreeSet<Right>();
    for (var rule : role.path("rules")) {
      for (var group : rule.path("apiGroups")) {
        for (var resource : rule.path("resources")) {
          for (var verb : rule.path("verbs")) {
            rights.add(new Right(group.asText(), resource.asText(), verb.asText()));
          }
        }
      }
    }
    return rights;
  }

  @Override
  public int compareTo(Right other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return (group.isEmpty() ? "core" : group) + "/" + resource + ":" + verb;
  }
}
