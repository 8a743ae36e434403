package io.mapwright.operator.api.v1alpha1;

/** What becomes of snapshots that are older than those that are to be kept. */
public enum RetentionMode {
  Prune,
  KeepAll
}
