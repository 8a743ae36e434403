package io.mapwright.operator.status;

/**
 * Types of conditions. Ready, Reconciling and Stalled are those of kstatus, which Argo CD, Flux and
 * {@code kubectl wait} understand; the others say which aspect is meant.
 */
public enum ConditionType {
  Ready,
  Reconciling,
  Stalled,
  /** The spec is consistent with itself and with the rest of the cluster. */
  Accepted,
  /** Every object that the spec asks for is there. */
  Applied,
  TlsReady,
  ServerAvailable,
  KeysInSync,
  BackupHealthy,
  MonitoringReady,
  ImagesPinned,
  /** The key is in the delivery Secret. */
  Delivered,
  /** Every running gateway enforces the key's present state. */
  Enforced
}
