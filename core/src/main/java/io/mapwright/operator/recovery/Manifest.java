package io.mapwright.operator.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mapwright.operator.model.InstanceInput;

/** An instance as a file for kubectl, stored in its backups for disaster recovery. */
public final class Manifest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifest() {}

  /** Returns JSON; without the restore, which would start again. */
  public static String of(InstanceInput in) {
    ObjectNode spec = JSON.valueToTree(in.spec());
    spec.remove("restore");
    var object = JSON.createObjectNode();
    object.put("apiVersion", "mapwright.io/v1alpha1").put("kind", "MapwrightInstance");
    object.putObject("metadata").put("name", in.name()).put("namespace", in.namespace());
    object.set("spec", spec);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
