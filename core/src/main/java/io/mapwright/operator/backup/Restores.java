package io.mapwright.operator.backup;

import static io.mapwright.operator.backup.JobPod.mount;
import static io.mapwright.operator.backup.JobPod.readOnly;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.RestoreKeys;
import io.mapwright.operator.api.v1alpha1.RestoreSource;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Owned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Job of a restore: restic finds the snapshot, PostgreSQL's own programs replace the database
 * in one transaction, and only once that is done restic fills the volume. A dump that cannot be
 * loaded leaves both as they were. The map server is stopped meanwhile.
 */
public final class Restores {
  private static final String FIND = Scripts.of("common.sh", "restore.sh");
  private static final String LOAD = Scripts.of("database.sh", "load.sh");
  private static final EnvVar CLEAR = new EnvVar("CLEAR", Scripts.of("clear.sql"), null);
  private static final String FILL = Scripts.of("common.sh", "fill.sh");

  private Restores() {}

  public static Job job(InstanceInput in) {
    var restore = in.restore().orElseThrow();
    var steps = new ArrayList<Container>();
    steps.add(find(in, restore));
    load(in).ifPresent(steps::add);
    steps.add(fill(in, restore));
    if (recreatesKeys(restore)) {
      steps.add(keys(in));
    }
    var last = steps.removeLast();
    var template =
        JobPod.template(in, Component.BACKUP, Task.RESTORE, steps, List.of(last), volumes(in));
    return new JobBuilder()
        .withMetadata(Owned.by(in, in.restoreJob().orElseThrow()).build())
        .withNewSpec()
        // A failed node or a killed pod leads to a restart, which continues where it was.
        .withBackoffLimit(3)
        .withActiveDeadlineSeconds(24 * 3600L)
        .withPodFailurePolicy(JobPod.failurePolicy(notRetryable(in)))
        .withTemplate(template)
        .endSpec()
        .build();
  }

  /** Whether the keys of the snapshot are to be recreated. */
  public static boolean recreatesKeys(Restore restore) {
    return Optional.ofNullable(restore.keys())
        .map(keys -> keys == RestoreKeys.Recreate)
        .orElse(restore.from() != null);
  }

  private static Map<String, List<Integer>> notRetryable(InstanceInput in) {
    var codes = new TreeMap<String, List<Integer>>();
    in.postgres().ifPresent(_ -> codes.put("load", List.of(64, 73, 74, 75)));
    codes.put(JobPod.RESTIC, List.of(10, 12, 65, 66, 69));
    return codes;
  }

  private static Container find(InstanceInput in, Restore restore) {
    var parts = new ArrayList<String>();
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(readOnly("data", JobPod.DATA));
    mounts.add(mount("work", "/work"));
    if (in.postgres().isPresent()) {
      parts.add("database");
      mounts.add(mount("database", JobPod.DATABASE));
    }
    if (recreatesKeys(restore)) {
      parts.add("keys");
      mounts.add(mount("keys", JobPod.KEYS));
    }
    var host = Optional.ofNullable(restore.from()).map(RestoreSource::instance);
    var own = restore.from() == null ? "--host " + Backups.host(in) : "";
    var env =
        List.of(
            new EnvVar(
                "RESTORE_SNAPSHOT",
                Optional.ofNullable(restore.snapshot()).orElse(Defaults.SNAPSHOT),
                null),
            new EnvVar("RESTORE_TIME", Optional.ofNullable(restore.time()).orElse(""), null),
            new EnvVar(
                "RESTORE_HOST",
                host.map(name -> "--host " + name.replaceFirst("/", ".")).orElse(own),
                null),
            lock(restore),
            new EnvVar("RESTORE_PARTS", String.join(" ", parts), null));
    return JobPod.restic(in, RepositoryAccess.forRestore(in), JobPod.RESTIC, FIND, env, mounts);
  }

  private static Container fill(InstanceInput in, Restore restore) {
    return JobPod.restic(
        in,
        RepositoryAccess.forRestore(in),
        "fill",
        FILL,
        List.of(lock(restore)),
        List.of(mount("data", JobPod.DATA), readOnly("work", "/work")));
  }

  /** Another repository may be read-only. */
  private static EnvVar lock(Restore restore) {
    return new EnvVar(
        "RESTORE_LOCK", restore.from() == null ? "--retry-lock 2m" : "--no-lock", null);
  }

  private static Optional<Container> load(InstanceInput in) {
    return in.postgres()
        .map(postgres ->
            JobPod.postgres(
                postgres,
                in.databaseUrl().orElseThrow(),
                "load",
                List.of("/bin/sh", "-c", LOAD),
                List.of(CLEAR),
                List.of(readOnly("database", JobPod.DATABASE))));
  }

  /** Prints the keys' files: digests, for the operator to read from the log. */
  private static Container keys(InstanceInput in) {
    return new ContainerBuilder(
            JobPod.restic(
                in,
                RepositoryAccess.forRestore(in),
                "keys",
                Scripts.of("keys.sh"),
                List.of(),
                List.of(readOnly("keys", JobPod.KEYS))))
        .withEnv()
        .withEnvFrom()
        .build();
  }

  private static List<Volume> volumes(InstanceInput in) {
    var volumes = new ArrayList<>(RepositoryAccess.forRestore(in).volumes(in));
    volumes.add(JobPod.files(in));
    volumes.add(JobPod.scratch("tmp"));
    volumes.add(JobPod.scratch("work"));
    volumes.add(JobPod.data(in));
    in.postgres().ifPresent(_ -> volumes.add(JobPod.scratch("database")));
    if (recreatesKeys(in.restore().orElseThrow())) {
      volumes.add(JobPod.scratch("keys"));
    }
    return volumes;
  }
}
