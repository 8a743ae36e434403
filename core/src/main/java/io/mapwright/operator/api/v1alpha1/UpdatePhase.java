package io.mapwright.operator.api.v1alpha1;

/** How far the bringing in of an image has come. */
public enum UpdatePhase {
  /** server.image runs and was proven. */
  Current,
  /** No pod runs, so that nothing can be proven. */
  Stopped,
  /** The maintenance window is closed. */
  WaitingForWindow,
  /** A backup is being made before anything changes. */
  BackingUp,
  /** Pods with the new image start, or are not proven yet. */
  RollingOut,
  /** The new image failed, and the last proven one runs. */
  RolledBack,
  /** The new image failed, and nothing was changed back. */
  Failed
}
