package io.mapwright.operator.api.v1alpha1;

/**
 * The status of an object that the operator has not seen yet: it says of no generation that it was
 * seen. kstatus, by which Flux and Helm wait, would take an object without a status for done.
 */
final class Unseen {
  /** The schema's default, as JSON. */
  static final String STATUS = "{\"observedGeneration\": -1}";

  private Unseen() {}
}
