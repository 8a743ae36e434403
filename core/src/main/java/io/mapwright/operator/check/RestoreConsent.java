package io.mapwright.operator.check;

import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.backup.RepositoryAccess;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an approval of a restore that recreates keys covers: one id and one source of the keys. */
public final class RestoreConsent {
  private static final int DIGITS = 16;

  private RestoreConsent() {}

  /** Returns {@code ID.DIGEST} facts about the restore that the spec asks for. */
  public static String of(InstanceInput in) {
    var restore = in.restore().orElseThrow();
    return restore.id() + "." + Names.sha256(source(in, restore)).substring(0, DIGITS);
  }

  /** One line for each part that identifies the source; none of them can contain a line break. */
  private static String source(InstanceInput in, Restore restore) {
    var from = restore.from();
    var access = from != null || in.backup().isPresent() ? RepositoryAccess.forRestore(in) : null;
    var volume = access == null ? null : access.repository().volume();
    return Stream.of(
            access == null ? null : access.url(),
            volume == null
                ? null
                : Objects.requireNonNullElse(
                    volume.existingClaim(), Names.backupRepository(in.name())),
            from == null ? in.namespace() + "/" + in.name() : from.instance(),
            restore.snapshot(),
            restore.time())
        .map(part -> Objects.requireNonNullElse(part, ""))
        .collect(Collectors.joining("\n"));
  }
}
