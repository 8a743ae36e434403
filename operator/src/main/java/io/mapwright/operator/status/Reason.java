package io.mapwright.operator.status;

/** Reasons of conditions and Events; part of the API, so a name is never given another meaning. */
public enum Reason {
  /** Nothing is wrong. */
  Ok,
  /** Waiting for something that is under way. */
  Progressing,
  /** The pass itself failed and is retried. */
  ReconcileFailed,
  /** spec.paused is true. */
  Paused,
  /** A host is already served by an older instance. */
  HostConflict,
  /** The gateway can not be configured as asked. */
  InvalidGateway,
  /** The schedule or its time zone can not be read. */
  InvalidSchedule,
  /** A quantity can not be read. */
  InvalidQuantity,
  /** An object of that name exists and is not ours. */
  NameClash,
  /** The operator may not do something that it needs. */
  Forbidden,
  /** A kind of another project is not installed. */
  KindAbsent,
  /** The API server refused an object. */
  Refused,
  /** The certificate is not there yet. */
  CertificatePending,
  /** The certificate can not be used. */
  CertificateInvalid,
  /** The certificate has ended or ends soon. */
  CertificateExpiring,
  /** An image has neither tag nor digest. */
  ImageNotPinned,
  /** Pods are not ready. */
  PodsNotReady,
  /** Running gateways do not enforce the newest table yet. */
  TableNotEnforced,
  /** spec.server.replicas is 0. */
  ScaledToZero,
  /** Nothing is configured. */
  NotConfigured,
  /** No backup has succeeded yet. */
  NeverBackedUp,
  /** The newest successful backup is older than two runs of its schedule. */
  BackupTooOld,
  /** The schedule is suspended. */
  BackupSuspended,
  /** The instance that a key names does not exist. */
  InstanceNotFound,
  /** The instance does not admit keys of this namespace. */
  NamespaceNotAdmitted,
  /** A policy that a key names does not exist. */
  PolicyNotFound,
  /** An origin can not be compared with what browsers send. */
  InvalidOrigin,
  /** Another ApiKey delivers into the same Secret. */
  SecretConflict,
  /** Another ApiKey has the same digest. */
  DuplicateDigest,
  /** The delivery Secret holds something else than the key that was delivered. */
  SecretChanged,
  /** The delivery Secret is gone; the key goes on working. */
  SecretMissing,
  /** spec.revoked is true. */
  Revoked,
  /** The key's time is over. */
  Expired
}
