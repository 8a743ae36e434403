package io.mapwright.operator.status;

/** Reasons of conditions and Events; part of the API, so a name is never given another meaning. */
public enum Reason {
  /** The spec has no error that the operator knows of. */
  SpecValid,
  /** Every object that the spec asks for is there, as planned. */
  ObjectsApplied,
  /** The certificate is valid for all hosts. */
  CertificateValid,
  /** As many pods are ready as the spec asks for. */
  AllPodsReady,
  /** Every running gateway enforces the present state. */
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
  /** The console answers certain addresses, or holders of a client certificate, only. */
  AccessRestricted,
  /** The console answers any address, as the spec asks. */
  AnyAddressAllowed,
  /** The ServiceMonitor is there. */
  ServiceMonitorApplied,
  /** Every image is named by its digest. */
  PinnedByDigest,
  /** The image of the spec runs and is proven. */
  ImageProven,
  /** No log of a pod is older than the spec allows. */
  WithinRetention,
  /** The key opens what its spec says. */
  Active,
  /** The delivery Secret holds the key. */
  SecretDelivered,
  /** Keys that name the policy are held to it. */
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
  /** The schedule or its time zone cannot be read. */
  InvalidSchedule,
  /** A quantity cannot be read. */
  InvalidQuantity,
  /** The spec has pods read a Secret of the operator's own, or one that is to be such. */
  OwnSecret,
  /** An object of that name exists and is not ours. */
  NameClash,
  /** The operator may not do something that it needs. */
  Forbidden,
  /** A kind of another project is not installed. */
  CrdMissing,
  /** Namespaces should be distinguished by labels that the operator cannot see. */
  NamespaceLabelsUnknown,
  /** The API server refused an object. */
  Refused,
  /** A pod's log may hold lines that are older than the spec allows. */
  LogTooOld,
  /** The certificate is not there yet. */
  CertificatePending,
  /** The certificate cannot be used. */
  CertificateInvalid,
  /** The certificate has ended or ends soon. */
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
  /** The name of an image cannot be read. */
  ImageNameInvalid,
  /** A Secret or a ConfigMap that a pod needs, or a key in one, is not there. */
  ReferenceMissing,
  /** A volume claim or its storage class is not there, or no volume could be made. */
  VolumeMissing,
  /** No node takes a pod. */
  Unschedulable,
  /** A container ends again and again. */
  ContainerEnds,
  /** A container cannot be made or started. */
  ContainerNotStarted,
  /** A container used more memory than its limit. */
  OutOfMemory,
  /** The map server runs and does not answer its health path in time. */
  ServerNotAnswering,
  /** A node cannot set a pod up. */
  PodNotSetUp,
  /** A quota or a policy of the cluster refuses the pods. */
  PodsRefused,
  /** Running gateways do not enforce the newest table yet. */
  TableNotEnforced,
  /** A gateway is out of reach for so long that it refuses keys, or will soon. */
  TableStale,
  /** Neither addresses nor a client certificate guard the console, so it is closed. */
  ConsoleUnguarded,
  /** The console goes by an address that is a proxy's, not the client's. */
  ConsoleBehindProxy,
  /** spec.server.replicas is 0. */
  ScaledToZero,
  /** Nothing is configured. */
  NotConfigured,
  /** No backup has succeeded yet. */
  NeverBackedUp,
  /** The newest successful backup is older than two runs of its schedule. */
  BackupTooOld,
  /** The newest run failed; the message says in which stage and what to do. */
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
  /** A check found the repository damaged, or could not be made. */
  CheckFailed,
  /** No check has ended well for two runs of its schedule. */
  CheckTooOld,
  /** No drill has proven a restore yet. */
  RestoreUnverified,
  /** The newest drill failed, or could not be made. */
  DrillFailed,
  /** No drill has succeeded for two runs of its schedule. */
  DrillTooOld,
  /** A restore is under way. */
  Restoring,
  /** A restore is to make keys again, and nobody who may make keys has allowed it. */
  RestoreNotAllowed,
  /** A restore failed; the message says why and what to do. */
  RestoreFailed,
  /** The schedule is suspended. */
  BackupSuspended,
  /** The instance that a key names does not exist. */
  InstanceNotFound,
  /** The instance does not admit keys of this namespace. */
  NamespaceNotAdmitted,
  /** The instance does not give a scope to keys of this namespace. */
  ScopeNotAdmitted,
  /** The namespace has older keys as many as the instance lets it have. */
  TooManyKeys,
  /** A policy that a key names does not exist. */
  PolicyNotFound,
  /** An origin cannot be compared with what browsers send. */
  InvalidOrigin,
  /** Another ApiKey delivers into the same Secret. */
  SecretConflict,
  /** Another ApiKey has the same digest. */
  DuplicateDigest,
  /** Another ApiKey has a digest that logs and metrics would call by the same name. */
  KeyIdTaken,
  /** The digest was cut for good, by another ApiKey or by an earlier life of this one. */
  DigestRevoked,
  /** Somebody else than the operator wrote the status. */
  StatusForeign,
  /** The delivery Secret holds something else than the key that was delivered. */
  SecretChanged,
  /** The API server refused the delivery Secret; the message says what to do. */
  SecretRefused,
  /** The delivery Secret is gone; the key keeps working. */
  SecretMissing,
  /** The key ends within seven days. */
  EndsWithinAWeek,
  /** The key ends within a day. */
  EndsWithinADay,
  /** The key was replaced, and the former one is accepted for its grace only. */
  FormerKeyEnds,
  /** A rotation is due while the former key is in its grace period: it waits for its end. */
  RotationWaits,
  /** There is no room in memory for the cut digests that a key's annotation lists. */
  TooManyCutDigests,
  /** The key was made again as often as its former digests can be kept cut. */
  RotationsExhausted,
  /** spec.revoked is true. */
  Revoked,
  /** The key's time is over. */
  Expired
}
