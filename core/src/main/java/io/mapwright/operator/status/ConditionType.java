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
  /** The image that the spec names runs and was proven to serve. */
  Updated,
  KeysInSync,
  BackupHealthy,
  /** The instance is being deleted, and its final backup is made. Only there while that is so. */
  FinalBackupMade,
  /** Repository and database are reached encrypted; absent without backups and restores. */
  TransportEncrypted,
  /** A drill restored the newest snapshot and the map server answered. */
  RestoreProven,
  /** The restore that the spec asks for is done; absent if it asks for none. */
  Restored,
  /** More than a Host header stands before the console; absent if there is none. */
  ConsoleGuarded,
  MonitoringReady,
  ImagesPinned,
  /** No log line is older than the spec allows; absent if it sets no bound. */
  LogsBounded,
  /** The key is in the delivery Secret. */
  Delivered,
  /** Every running gateway enforces the key's present state. */
  Enforced,
  /** The key, or the one that it replaced, ends soon. Only there while that is so. */
  Expiring
}
