package io.mapwright.operator.model;

/** Where an object is, as Kubernetes writes it: {@code namespace/name}. */
public record NamespacedName(String namespace, String name) {

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
  public String toString() {
    return namespace + "/" + name;
  }
}
