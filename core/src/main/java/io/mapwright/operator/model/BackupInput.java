package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Database;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.FinalBackup;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.Postgres;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import java.time.Duration;
import java.util.Optional;

/** Backups of an instance as the spec requests them, with defaults. */
public interface BackupInput {
  MapwrightInstanceSpec spec();

  String name();

  OperatorSettings operator();

  /** Image of restic. */
  default String backupImage() {
    return backup().map(Backup::image).orElse(operator().backupImage());
  }

  default Optional<Backup> backup() {
    return Optional.ofNullable(spec().backup());
  }

  default boolean generatesBackupPassword() {
    return backup().map(b -> b.passwordSecretRef() == null).orElse(false);
  }

  /** Secret key that holds the repository's password, whoever created it. */
  default SecretKeyRef backupPassword() {
    return backup()
        .map(Backup::passwordSecretRef)
        .orElse(new SecretKeyRef(Names.backupPassword(name()), "password"));
  }

  /** The database that is dumped, if requested and its URL is known. */
  default Optional<Postgres> postgres() {
    return backup().map(Backup::postgres).filter(_ -> databaseUrl().isPresent());
  }

  /** Secret key with the connection URL that dumps and restores use. */
  default Optional<SecretKeyRef> databaseUrl() {
    return backup()
        .map(Backup::postgres)
        .map(Postgres::urlSecretRef)
        .or(() -> Optional.ofNullable(spec().server().database()).map(Database::urlSecretRef));
  }

  default boolean runsDrills() {
    return backup().map(Backup::drill).isPresent();
  }

  default boolean hasCheckSchedule() {
    return backup().map(Backup::checkSchedule).isPresent();
  }

  default Optional<FinalBackup> finalBackup() {
    return backup().map(Backup::onDeletion);
  }

  default Duration finalBackupTimeout() {
    return Durations.parse(
        finalBackup().map(FinalBackup::timeout).orElse(Defaults.FINAL_BACKUP_TIMEOUT));
  }
}
