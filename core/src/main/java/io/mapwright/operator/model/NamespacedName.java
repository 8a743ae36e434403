package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Where an object is, as Kubernetes writes it: {@code namespace/name}. */
public record NamespacedName(String namespace, String name) implements Comparable<NamespacedName> {

  public static NamespacedName of(HasMetadata object) {
    var meta = object.getMetadata();
    return new NamespacedName(meta.getNamespace(), meta.getName());
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if the text has no slash
   */
  public static NamespacedName parse(String text) {
    var slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not namespace/name: " + text);
    }
    return new NamespacedName(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(NamespacedName other) {
    var byNamespace = namespace.compareTo(other.namespace);
    return byNamespace == 0 ? name.compareTo(other.name) : byNamespace;
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
