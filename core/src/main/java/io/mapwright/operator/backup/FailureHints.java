package io.mapwright.operator.backup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Advice for a failed job, from its exit code and last lines.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/075_scripting.html#exit-codes">Exit codes
 *     of restic</a>
 */
public final class FailureHints {
  private static final List<Case> CASES =
      List.of(
          exit(
              12,
              "the repository has another password: restore the one with which it was created; nothing else opens it"),
          exit(
              10,
              "there is no repository: check its address, and that it was not deleted; a wrong bucket or folder looks the same"),
          exit(
              65,
              "there is no such snapshot: name one that status.backup or restic snapshots shows"),
          exit(
              69,
              "restic is too old: name an image of 0.17 or newer in backup.image, or unset it for the operator's own"),
          exit(
              70,
              "a file or folder of backup.include is not there, or server.runAsUser may not enter the folder above it: correct backup.include"),
          exit(
              71,
              "nothing was backed up: check that the data is on the volume, and that backup.exclude does not match all of it"),
          exit(
              72,
              "the repository lets no snapshot be removed: set backup.retention.mode to KeepAll, and prune it from elsewhere"),
          exit(
              73,
              "dump and restore take programs of the database's own version: name their image in backup.postgres.image; for a dump that others made see docs/recovery.md, \"Databases\""),
          exit(
              74,
              "nothing was changed: give the account that right, then request a restore with another id"),
          text(
              "the image of backup.postgres.image lacks an extension that the database has: name one with it, such as docker.io/postgis/postgis:17-3.5",
              "\" is not available"),
          text(
              "nothing was changed: an administrator must run CREATE EXTENSION in this database first, then request a restore with another id",
              "permission denied to create extension"),
          text(
              "nothing was changed: the server has no role of that name, which the dump gives objects or rights to; create it, then request a restore with another id",
              "error:  role \""),
          text(
              "nothing was changed: raise max_locks_per_transaction of the server, then request a restore with another id",
              "out of shared memory"),
          text(
              "there is no such bucket: create it, correct backup.repository.s3.bucket, or allow the credentials to create it",
              "is not there, and could not be made",
              "bucket does not exist",
              "nosuchbucket"),
          text(
              "the disk is full: give the volume or the server more room, or keep fewer snapshots",
              "no space left on device",
              "disk quota exceeded",
              "quota exceeded",
              "insufficient storage"),
          text(
              "the repository is damaged: keep the volume that was backed up, copy the repository, then follow docs/recovery.md, \"A damaged repository\"",
              "repository contains errors",
              "ciphertext verification failed",
              "does not match its sha256",
              "pack id does not match",
              "invalid data returned",
              "not found in index",
              "unexpected pack size",
              "damaged"),
          text(
              "the server refuses the credentials: check the entries of credentialsSecretRef",
              "access denied",
              "accessdenied",
              "invalidaccesskeyid",
              "signaturedoesnotmatch",
              "401 unauthorized",
              "403 forbidden",
              "permission denied (publickey",
              "host key verification failed"),
          text(
              "the database refuses the account: check the URL in the Secret",
              "password authentication failed",
              "no pg_hba.conf entry",
              "connection url cannot be read",
              "does not hold a url"),
          text(
              "the database account lacks a right: it must be able to read all that is dumped, and own what is restored",
              "permission denied for",
              "must be owner"),
          text(
              "the other side cannot be reached: check its address, that it runs, and that backup.egressTo or backup.postgres.egressTo allows it",
              "connection refused",
              "no such host",
              "i/o timeout",
              "connection timed out",
              "context deadline exceeded",
              "network is unreachable",
              "no route to host",
              "connection reset",
              "could not translate host name",
              "temporary failure in name resolution",
              "unexpected eof"),
          exit(
              75,
              "nothing was changed: the server refused a statement of the dump; see its message"),
          exit(
              67, "the restored data does not serve: check the newest snapshot before you need it"),
          exit(
              68,
              "the pod of the drill was not isolated: check that an operator runs and the instance is not paused, and that the network plugin enforces NetworkPolicies"),
          exit(
              11,
              "another job holds the repository: wait for it; the lock of a dead one ends after 30 minutes"),
          exit(
              3,
              "some files could not be read: check that server.runAsUser may read all of the volume, or leave them out with backup.exclude"),
          exit(124, "no answer in time: check the address and that backup.egressTo allows it"),
          exit(137, "it was killed, most often for lack of memory: raise backup.resources.limits"),
          exit(143, "the pod was stopped from outside; the next run makes up for it"));

  private FailureHints() {}

  /** Returns what to do, or where to read more if the failure is unknown. */
  public static String of(JobReport report) {
    var log = report.log().toLowerCase(Locale.ROOT);
    return CASES.stream()
        .filter(known -> known.when().test(report.exitCode(), log))
        .findFirst()
        .map(Case::advice)
        .orElse("see the log of the pod");
  }

  /** Returns the stage, exit code, what to do and the last lines, in one line. */
  public static String describe(JobReport report) {
    var output = Optional.of(report.log()).filter(log -> !log.isEmpty());
    return "stage "
        + report.stage()
        + " ended with exit code "
        + report.exitCode()
        + ": "
        + of(report)
        + output.map(log -> ". It said: " + log).orElse("");
  }

  private record Case(BiPredicate<Integer, String> when, String advice) {}

  private static Case exit(int code, String advice) {
    return new Case((exit, _) -> exit == code, advice);
  }

  private static Case text(String advice, String... needles) {
    return new Case((_, log) -> List.of(needles).stream().anyMatch(log::contains), advice);
  }
}
