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
 * Reduces the managed fields of cached objects to the operator's own entry, which is needed to
 * detect drift. With a thousand instances these lists were half of the operator's memory, and the
 * same in each. If several namespaces are watched everything is kept, see {@link TrimmedStore}.
 */
final class ManagedFieldsTrimmer {
  private ManagedFieldsTrimmer() {}

  /** Reduces an object in place, once, as it arrives from the API server. */
  static <R extends HasMetadata> R keepOwn(R object) {
    var meta = object.getMetadata();
    if (object instanceof ConfigMap map && !isOfAnInstance(map)) {
      // Anybody can put our label on a large ConfigMap. One that names an instance as its
      // controller and is not in the plan is pruned.
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

  /** Removes all of them, for objects that others write. */
  static <R extends HasMetadata> R removeAll(R object) {
    object.getMetadata().setManagedFields(List.of());
    return object;
  }

  private static void compact(FieldsV1 fields) {
    fields.setAdditionalProperties(compact(fields.getAdditionalProperties()));
  }

  /** The copy is much smaller, and field names are interned. */
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

  /** Keys of list elements may contain an object's uid and are not interned. */
  private static String name(String field) {
    return field.startsWith("f:") ? field.intern() : field;
  }
}
