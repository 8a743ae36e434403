package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestoreSource;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reports whether backups and restores are encrypted in transit. Restic encrypts what it stores,
 * but over plain HTTP anyone on the network path can read the password, and change or delete what
 * is stored. Pure.
 */
public record TransportReport(
    InstanceInput in, Optional<BackupStatus> backups, Conditions conditions) {
  private static final String PLAIN = "http://";

  public void report() {
    if (in.backup().isEmpty() && in.restore().map(Restore::from).isEmpty()) {
      return;
    }
    var open = Stream.of(repository(), source(), database()).flatMap(Optional::stream).toList();
    if (open.isEmpty()) {
      conditions.isTrue(
          ConditionType.TransportEncrypted,
          Reason.Encrypted,
          in.postgres().isPresent() && backups.map(BackupStatus::databaseTls).isEmpty()
              ? "no repository is reached over plain HTTP; whether the database connection is encrypted is known after the next backup"
              : "backups and restores are encrypted in transit");
    } else {
      conditions.isFalse(
          ConditionType.TransportEncrypted, Reason.PlainText, String.join("; ", open));
    }
  }

  private Optional<String> repository() {
    return in.backup().map(Backup::repository).flatMap(r -> plain("backup.repository", r));
  }

  private Optional<String> source() {
    return in.restore()
        .map(Restore::from)
        .map(RestoreSource::repository)
        .flatMap(r -> plain("restore.from.repository", r));
  }

  private static Optional<String> plain(String field, Repository repository) {
    var s3 = repository.s3();
    var rest = repository.rest();
    if (s3 != null && s3.endpoint().startsWith(PLAIN)) {
      return Optional.of(problem(field + ".s3.endpoint"));
    }
    if (rest != null && rest.url().startsWith(PLAIN)) {
      return Optional.of(problem(field + ".rest.url"));
    }
    return Optional.empty();
  }

  private static String problem(String field) {
    return field
        + " is plain HTTP: anyone on the network path can read its password, and change or delete what is stored; enable TLS on the server and use https://";
  }

  private Optional<String> database() {
    return backups
        .map(BackupStatus::databaseTls)
        .filter(encrypted -> !encrypted)
        .map(_ ->
            "the last dump was read from the database in plain text, and a restore would be sent in plain text: enable TLS on the database, and add sslmode=verify-full (or require) to the connection URL");
  }
}
