package io.mapwright.operator.backup;

import static io.mapwright.operator.backup.JobPod.mount;
import static io.mapwright.operator.backup.JobPod.readOnly;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Drill;
import io.mapwright.operator.api.v1alpha1.Postgres;
import io.mapwright.operator.model.Images;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels.Component;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.workload.PodSecurity;
import io.mapwright.operator.workload.ServerContainer;
import io.mapwright.operator.workload.Sizing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The CronJob that proves a restore. Restic fills scratch volumes while the pod can reach the
 * repository; then the operator removes that access, a container waits until it is gone, and only
 * then a database and the map server start as sidecars and the last container probes the server.
 */
public final class Drills {
  /** The container that reads the repository; later ones must not. */
  public static final String FETCH = JobPod.RESTIC;

  private static final String SCRIPT = Scripts.of("common.sh", "drill.sh");
  private static final String SEAL = Scripts.of("common.sh", "seal.sh");
  private static final String LOAD = Scripts.of("database.sh", "drill-load.sh");
  private static final String PROBE = Scripts.of("common.sh", "probe.sh");
  private static final String TABLES =
      "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

  /** URL of a database that exists only within the pod. */
  private static final EnvVar URL =
      new EnvVar("DATABASE_URL", "postgres://postgres:drill@127.0.0.1:5432/drill", null);

  private Drills() {}

  public static CronJob cronJob(InstanceInput in) {
    var drill = in.backup().map(Backup::drill).orElseThrow();
    var before = new ArrayList<Container>();
    before.add(fetch(in));
    if (RepositoryAccess.of(in).repository().volume() == null) {
      before.add(seal(in));
    }
    in.postgres()
        .ifPresent(postgres -> {
          before.add(database(postgres));
          before.add(load(in, drill, postgres));
        });
    before.add(server(in));
    var volumes = new ArrayList<>(RepositoryAccess.of(in).volumes(in));
    volumes.add(JobPod.files(in));
    List.of("tmp", "work", "data", "database").forEach(name -> volumes.add(JobPod.scratch(name)));
    var template =
        JobPod.template(
            in, Component.DRILL, Task.DRILL, before, List.of(probe(in, drill)), volumes);
    return Backups.cronJob(in, Names.drill(in.name()), drill.schedule(), Task.DRILL, template);
  }

  private static Container fetch(InstanceInput in) {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount("data", JobPod.DATA));
    mounts.add(mount("work", "/work"));
    in.postgres().ifPresent(_ -> mounts.add(mount("database", JobPod.DATABASE, "dump")));
    return JobPod.restic(
        in,
        RepositoryAccess.of(in),
        FETCH,
        SCRIPT,
        List.of(
            new EnvVar("RESTORE_HOST", Backups.host(in), null),
            new EnvVar("RESTORE_PARTS", in.postgres().isPresent() ? "database" : "", null)),
        mounts);
  }

  /** Waits until attempts to reach the repository fail. */
  private static Container seal(InstanceInput in) {
    return JobPod.restic(
        in, RepositoryAccess.of(in), "seal", SEAL, List.of(), List.of(mount("work", "/work")));
  }

  private static Container database(Postgres postgres) {
    return new ContainerBuilder()
        .withName("database")
        .withRestartPolicy("Always")
        .withImage(Images.of(postgres))
        .withImagePullPolicy("IfNotPresent")
        .withArgs("postgres", "-c", "listen_addresses=127.0.0.1")
        .withEnv(
            new EnvVar("POSTGRES_PASSWORD", "drill", null),
            new EnvVar("PGDATA", "/var/lib/postgresql/data/pgdata", null))
        .withNewStartupProbe()
        .withNewExec()
        .withCommand("pg_isready", "-h", "127.0.0.1")
        .endExec()
        .withPeriodSeconds(1)
        .withFailureThreshold(120)
        .endStartupProbe()
        .withResources(Sizing.of(null, "100m", "128Mi", "1Gi"))
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(
            mount("database", "/var/lib/postgresql/data", "server"),
            mount("tmp", "/var/run/postgresql", "socket"),
            mount("tmp", "/tmp", "database"))
        .build();
  }

  private static Container load(InstanceInput in, Drill drill, Postgres postgres) {
    var container =
        JobPod.postgres(
            postgres,
            in.databaseUrl().orElseThrow(),
            "load",
            List.of("/bin/sh", "-c", LOAD),
            List.of(new EnvVar("DRILL_SQL", Optional.ofNullable(drill.sql()).orElse(TABLES), null)),
            List.of(mount("database", JobPod.DATABASE, "dump")));
    return withVariable(container, URL);
  }

  /** The map server as it usually runs, but with the drill's own database. */
  private static Container server(InstanceInput in) {
    var container =
        new ContainerBuilder(ServerContainer.unprobed(in)).withRestartPolicy("Always").build();
    var database = in.server().database();
    return database == null || in.postgres().isEmpty()
        ? container
        : withVariable(
            container,
            new EnvVar(
                Optional.ofNullable(database.envName()).orElse(URL.getName()),
                URL.getValue(),
                null));
  }

  private static Container withVariable(Container container, EnvVar variable) {
    return new ContainerBuilder(container)
        .withEnv(
            container.getEnv().stream()
                .map(env -> env.getName().equals(variable.getName()) ? variable : env)
                .toList())
        .build();
  }

  private static Container probe(InstanceInput in, Drill drill) {
    var env =
        List.of(
            new EnvVar("DRILL_PORT", String.valueOf(in.serverPort()), null),
            new EnvVar("DRILL_HEALTH", in.healthPath(), null),
            new EnvVar("DRILL_SECONDS", String.valueOf(in.startup().toSeconds()), null),
            new EnvVar(
                "DRILL_PATHS",
                String.join(" ", Optional.ofNullable(drill.paths()).orElse(List.of())),
                null));
    return new ContainerBuilder(
            JobPod.restic(
                in,
                RepositoryAccess.of(in),
                "probe",
                PROBE,
                List.of(),
                List.of(readOnly("work", "/work"))))
        .withEnv(env)
        .withEnvFrom()
        .build();
  }
}
