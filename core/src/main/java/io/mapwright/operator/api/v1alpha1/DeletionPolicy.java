package io.mapwright.operator.api.v1alpha1;

/** What happens to data when an instance is deleted. */
public enum DeletionPolicy {
  Retain,
  Delete
}
