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
  /** Every object that the spec asks for exists. */
  Applied,
  TlsReady,
  ServerAvailable,
  /** The image in the spec runs and was proven to serve. */
  Updated,
  KeysInSync,
  BackupHealthy,
  /** The instance is being deleted and its final backup is running. Present only meanwhile. */
  FinalBackupMade,
  /** Connections to repository and database are encrypted; absent without backups and restores. */
  TransportEncrypted,
  /** A drill restored the newest snapshot and the map server answered. */
  RestoreProven,
  /** The restore that the spec asks for is done; absent if it asks for none. */
  Restored,
  /** The console is protected by more than a Host header; absent without a console. */
  ConsoleGuarded,
  /** Every gateway runs a release of HAProxy that is tested. */
  GatewaySupported,
  /** The gateways lend each other what they do not use of a limit; absent with one gateway. */
  LimitsShared,
  MonitoringReady,
  ImagesPinned,
  /** No log line is older than the spec allows; absent if it sets no bound. */
  LogsBounded,
  /** The key is in the delivery Secret. */
  Delivered,
  /** Every running gateway enforces the key's current state. */
  Enforced,
  /** The key, or the one that it replaced, expires soon. Present only meanwhile. */
  Expiring
}
