package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Database;
import io.mapwright.operator.api.v1alpha1.EnvFrom;
import io.mapwright.operator.api.v1alpha1.Hook;
import io.mapwright.operator.api.v1alpha1.Hooks;
import io.mapwright.operator.api.v1alpha1.LocalRef;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.Postgres;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestoreSource;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Secret that the spec of an instance names. Anyone who may write instances need not be one who
 * may read Secrets, and a pod can expose what it mounts.
 *
 * @param field its field in the spec
 * @param name name of the Secret
 * @param as what it is used for
 */
public record SecretUse(String field, String name, Kind as) {
  /** What a Secret is used for, and what the operator's own Secrets contain. */
  public enum Kind {
    /** The password of a backup repository, which goes to restic alone. */
    PASSWORD,
    /** The pair that a gateway serves. */
    CERTIFICATE,
    /** Anything else. */
    CONTENT
  }

  /** All Secrets that a spec names. */
  public static List<SecretUse> in(MapwrightInstanceSpec spec) {
    var uses = new ArrayList<SecretUse>();
    var server = spec.server();
    for (var variable : list(server.env())) {
      key(uses, "server.env[" + variable.name() + "]", variable.secretKeyRef(), Kind.CONTENT);
    }
    from(uses, "server.envFrom", server.envFrom());
    for (var pull : list(server.imagePullSecrets())) {
      uses.add(new SecretUse("server.imagePullSecrets", pull.name(), Kind.CONTENT));
    }
    var database = Optional.ofNullable(server.database()).map(Database::urlSecretRef);
    key(uses, "server.database.urlSecretRef", database.orElse(null), Kind.CONTENT);
    if (spec.tls() != null && spec.tls().secretName() != null) {
      uses.add(new SecretUse("tls.secretName", spec.tls().secretName(), Kind.CERTIFICATE));
    }
    Optional.ofNullable(spec.backup()).ifPresent(backup -> backup(uses, backup));
    Optional.ofNullable(spec.restore())
        .map(Restore::from)
        .ifPresent(source -> restore(uses, source));
    return List.copyOf(uses);
  }

  private static void backup(List<SecretUse> uses, Backup backup) {
    ref(uses, "backup.credentialsSecretRef", backup.credentialsSecretRef());
    key(uses, "backup.passwordSecretRef", backup.passwordSecretRef(), Kind.PASSWORD);
    var postgres = Optional.ofNullable(backup.postgres()).map(Postgres::urlSecretRef);
    key(uses, "backup.postgres.urlSecretRef", postgres.orElse(null), Kind.CONTENT);
    var hooks = Optional.ofNullable(backup.hooks());
    from(
        uses,
        "backup.hooks.before.envFrom",
        hooks.map(Hooks::before).map(Hook::envFrom).orElse(null));
    from(
        uses,
        "backup.hooks.after.envFrom",
        hooks.map(Hooks::after).map(Hook::envFrom).orElse(null));
  }

  private static void restore(List<SecretUse> uses, RestoreSource source) {
    ref(uses, "restore.from.credentialsSecretRef", source.credentialsSecretRef());
    key(uses, "restore.from.passwordSecretRef", source.passwordSecretRef(), Kind.PASSWORD);
  }

  private static void from(List<SecretUse> uses, String field, @Nullable List<EnvFrom> sources) {
    for (var source : list(sources)) {
      ref(uses, field, source.secretRef());
    }
  }

  private static void ref(List<SecretUse> uses, String field, @Nullable LocalRef ref) {
    if (ref != null) {
      uses.add(new SecretUse(field, ref.name(), Kind.CONTENT));
    }
  }

  private static void key(List<SecretUse> uses, String field, @Nullable SecretKeyRef ref, Kind as) {
    if (ref != null) {
      uses.add(new SecretUse(field, ref.name(), as));
    }
  }

  private static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
