package io.mapwright.operator.api.v1alpha1;

/** How far a restore is. */
public enum RestorePhase {
  /** The map server is stopped. */
  Stopping,
  /** Volume and database are filled. */
  Filling,
  /** Keys are recreated. */
  Keys,
  /** The map server is started. */
  Starting,
  Done,
  Failed
}
