package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Who wrote which field of an object, as far as it is kept: our own word, which says whether an
 * object has still all that was applied. Of a thousand instances these lists were half of the
 * operator's memory, and the same in each. Where several namespaces are watched all is kept, see
 * {@link TrimmedStore}.
 */
final class ManagedFieldsTrimmer {
  private ManagedFieldsTrimmer() {}

  /** Reduces an object in place, once, as it comes from the API server. */
  static <R extends HasMetadata> R keepOwn(R object) {
    var meta = object.getMetadata();
    if (object instanceof ConfigMap map && !isOfAnInstance(map)) {
      // Anybody can give our label to a MiB of their own. One that names an instance as its
      // controller and is not of the plan does not stay.
      map.setData(Map.of());
      map.setBinaryData(Map.of());
    }
    meta.setManagedFields(
        meta.getManagedFields().stream()
            .filter(entry -> Applier.FIELD_MANAGER.equals(entry.getManager()))
            .toList());
    meta.getManagedFields().stream()
        .map(ManagedFieldsEntry::getFieldsV1)
        .filter(Objects::nonNull)
        .forEach(ManagedFieldsTrimmer::compact);
    return object;
  }

  private static boolean isOfAnInstance(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner ->
            Boolean.TRUE.equals(owner.getController())
                && HasMetadata.getKind(MapwrightInstance.class).equals(owner.getKind()));
  }

  /** For objects that others write. */
  static <R extends HasMetadata> R removeAll(R object) {
    object.getMetadata().setManagedFields(List.of());
    return object;
  }

  private static void compact(FieldsV1 fields) {
    fields.setAdditionalProperties(compact(fields.getAdditionalProperties()));
  }

  /** The copy is smaller by far, and names of fields are kept once for all objects. */
  private static Map<String, Object> compact(Map<?, ?> fields) {
    return fields.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> name((String) entry.getKey()), entry -> compact(entry.getValue())));
  }

  private static Object compact(Object value) {
    return value instanceof Map<?, ?> fields && !isSet(fields) ? compact(fields) : value;
  }

  /** The matcher compares the values of a set in their order, which a compact map does not keep. */
  private static boolean isSet(Map<?, ?> fields) {
    return fields.keySet().stream().anyMatch(field -> ((String) field).startsWith("v:"));
  }

  /** Those of list elements may hold an object's own uid. */
  private static String name(String field) {
    return field.startsWith("f:") ? field.intern() : field;
  }
}
