package io.mapwright.operator.status;

/** Reasons of conditions and Events; part of the API, so a name is never given another meaning. */
public enum Reason {
  /** The spec has no error that the operator knows of. */
  SpecValid,
  /** Every object that the spec asks for exists as planned. */
  ObjectsApplied,
  /** The certificate is valid for all hosts. */
  CertificateValid,
  /** As many pods are ready as the spec asks for. */
  AllPodsReady,
  /** Every running gateway enforces the current state. */
  AllReplicasEnforce,
  /** The instance serves. */
  Serving,
  /** The newest backup and the newest check succeeded, and neither is overdue. */
  BackupsSucceed,
  /** A drill has restored and served a snapshot, and the next is not overdue. */
  RestoreVerified,
  /** The restore is done. */
  RestoreCompleted,
  /** The final backup is in the repository. */
  FinalBackupSaved,
  /** Nothing leaves the cluster's pods in plain text. */
  Encrypted,
  /** The console is restricted to certain addresses or to holders of a client certificate. */
  AccessRestricted,
  /** The console is open to any address, as the spec asks. */
  AnyAddressAllowed,
  /** Every gateway runs a release of HAProxy that is tested. */
  ReleaseTested,
  /** A gateway runs a release of HAProxy that is not tested. */
  ReleaseUntested,
  /** It is not known which release of HAProxy a gateway runs. */
  ReleaseUnknown,
  /** Each gateway reaches the others. */
  GatewaysConnected,
  /** A gateway does not reach another one of its instance. */
  GatewaysDisconnected,
  /** The ServiceMonitor exists. */
  ServiceMonitorApplied,
  /** Every image is named by its digest. */
  PinnedByDigest,
  /** The image of the spec runs and is proven. */
  ImageProven,
  /** No log of a pod is older than the spec allows. */
  WithinRetention,
  /** The key grants what its spec says. */
  Active,
  /** The delivery Secret holds the key. */
  SecretDelivered,
  /** Keys that refer to the policy are restricted by it. */
  PolicyEnforced,
  /** Waiting for something that is under way. */
  Progressing,
  /** The pass itself failed and is retried. */
  ReconcileFailed,
  /** spec.paused is true. */
  Paused,
  /** A host is already served by an older instance. */
  HostConflict,
  /** The gateway cannot be configured as asked. */
  InvalidGateway,
  /** The schedule or its time zone is invalid. */
  InvalidSchedule,
  /** A quantity is invalid. */
  InvalidQuantity,
  /** The spec lets pods read a Secret that belongs to the operator, or will. */
  OwnSecret,
  /** An object of that name exists and belongs to somebody else. */
  NameClash,
  /** The operator lacks a permission that it needs. */
  Forbidden,
  /** A kind of another project is not installed. */
  CrdMissing,
  /** Namespaces should be distinguished by labels that the operator cannot see. */
  NamespaceLabelsUnknown,
  /** The API server refused an object. */
  Refused,
  /** A pod's log may hold lines that are older than the spec allows. */
  LogTooOld,
  /** The certificate does not exist yet. */
  CertificatePending,
  /** The certificate cannot be used. */
  CertificateInvalid,
  /** The certificate has expired or expires soon. */
  CertificateExpiring,
  /** An image has neither tag nor digest. */
  ImageNotPinned,
  /** A new image waits for the maintenance window. */
  UpdateWaiting,
  /** A new image waits for a backup. */
  UpdateBackingUp,
  /** Pods with a new image start or are not proven yet. */
  UpdateRollingOut,
  /** A new image failed and the last proven one runs again. */
  UpdateRolledBack,
  /** A new image failed and there was nothing to roll back to, or a rollback was not wanted. */
  UpdateFailed,
  /** Pods are not ready. */
  PodsNotReady,
  /** An image cannot be pulled. */
  ImageNotPulled,
  /** An image name is invalid. */
  ImageNameInvalid,
  /** A Secret or a ConfigMap that a pod needs, or a key in one, does not exist. */
  ReferenceMissing,
  /** A volume claim or its storage class does not exist, or no volume could be provisioned. */
  VolumeMissing,
  /** No node can run a pod. */
  Unschedulable,
  /** A container exits repeatedly. */
  ContainerEnds,
  /** A container cannot be created or started. */
  ContainerNotStarted,
  /** A container used more memory than its limit. */
  OutOfMemory,
  /** The map server runs but does not answer its health path in time. */
  ServerNotAnswering,
  /** A node cannot set a pod up. */
  PodNotSetUp,
  /** A quota or a policy of the cluster refuses the pods. */
  PodsRefused,
  /** Running gateways do not enforce the newest table yet. */
  TableNotEnforced,
  /** A gateway has been unreachable for so long that it refuses keys, or will soon. */
  TableStale,
  /** Neither addresses nor a client certificate guard the console, so it is closed. */
  ConsoleUnguarded,
  /** The console checks an address that is the proxy's, not the client's. */
  ConsoleBehindProxy,
  /** spec.server.replicas is 0. */
  ScaledToZero,
  /** Nothing is configured. */
  NotConfigured,
  /** No backup has succeeded yet. */
  NeverBackedUp,
  /** The newest successful backup is older than two runs of its schedule. */
  BackupTooOld,
  /** The newest run failed; the message names the stage and what to do. */
  BackupFailed,
  /** The pod of a run cannot start. */
  BackupCannotStart,
  /** Backups lack keys, or changes of them; the message says why. */
  KeysNotBackedUp,
  /** A repository or the database is reached without encryption; the message names the field. */
  PlainText,
  /** The instance is being deleted and waits for its final backup. */
  FinalBackup,
  /** The instance is being deleted, and there will be no final backup. */
  FinalBackupMissing,
  /** A check found the repository damaged, or could not run. */
  CheckFailed,
  /** No check has succeeded for two runs of its schedule. */
  CheckTooOld,
  /** No drill has proven a restore yet. */
  RestoreUnverified,
  /** The newest drill failed, or could not run. */
  DrillFailed,
  /** No drill has succeeded for two runs of its schedule. */
  DrillTooOld,
  /** A restore is under way. */
  Restoring,
  /** A restore would recreate keys, and nobody with permission to create keys has approved it. */
  RestoreNotAllowed,
  /** A restore failed; the message says why and what to do. */
  RestoreFailed,
  /** The schedule is suspended. */
  BackupSuspended,
  /** The instance that a key names does not exist. */
  InstanceNotFound,
  /** The instance does not admit keys of this namespace. */
  NamespaceNotAdmitted,
  /** The instance does not grant a scope to keys of this namespace. */
  ScopeNotAdmitted,
  /** The namespace already has as many older keys as the instance allows. */
  TooManyKeys,
  /** A policy that a key names does not exist. */
  PolicyNotFound,
  /** An origin cannot be compared with what browsers send. */
  InvalidOrigin,
  /** Another ApiKey delivers into the same Secret. */
  SecretConflict,
  /** Another ApiKey has the same digest. */
  DuplicateDigest,
  /** Another ApiKey has a digest with the same name in logs and metrics. */
  KeyIdTaken,
  /** The digest was revoked for good, by another ApiKey or an earlier incarnation of this one. */
  DigestRevoked,
  /** Somebody else than the operator wrote the status. */
  StatusForeign,
  /** The delivery Secret does not contain the key that was delivered. */
  SecretChanged,
  /** The API server refused the delivery Secret; the message says what to do. */
  SecretRefused,
  /** The delivery Secret is gone; the key keeps working. */
  SecretMissing,
  /** The key expires within seven days. */
  EndsWithinAWeek,
  /** The key expires within a day. */
  EndsWithinADay,
  /** The key was replaced, and the former one is accepted only for its grace period. */
  FormerKeyEnds,
  /** A rotation is due and waits for the end of the former key's grace period. */
  RotationWaits,
  /** There is no room in memory for the revoked digests in a key's annotation. */
  TooManyCutDigests,
  /** The key was rotated as often as its former digests can be kept revoked. */
  RotationsExhausted,
  /** spec.revoked is true. */
  Revoked,
  /** The key has expired. */
  Expired
}
