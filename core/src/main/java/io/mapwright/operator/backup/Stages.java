package io.mapwright.operator.backup;

import static io.mapwright.operator.backup.JobPod.mount;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Hook;
import io.mapwright.operator.api.v1alpha1.Hooks;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.workload.EnvSources;
import io.mapwright.operator.workload.PodSecurity;
import io.mapwright.operator.workload.Sizing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a backup besides restic's: the user's hooks and the dump of the database. */
final class Stages {
  private static final String STAGE = Scripts.of("stage.sh");
  private static final String DUMP = Scripts.of("database.sh", "dump.sh");

  private Stages() {}

  static Optional<Container> before(InstanceInput in) {
    return hooks(in).map(Hooks::before).map(hook -> hook(in, "before", hook));
  }

  static Optional<Container> after(InstanceInput in) {
    return hooks(in).map(Hooks::after).map(hook -> hook(in, "after", hook));
  }

  static Optional<Container> dump(InstanceInput in) {
    return in.postgres()
        .map(postgres ->
            JobPod.postgres(
                postgres,
                in.databaseUrl().orElseThrow(),
                "dump",
                command("dump", List.of("/bin/sh", "-c", DUMP)),
                List.of(new EnvVar("log", "/work/dump.log", null)),
                List.of(mount("work", "/work"), mount("database", JobPod.DATABASE))));
  }

  private static Optional<Hooks> hooks(InstanceInput in) {
    return in.backup().map(Backup::hooks);
  }

  private static Container hook(InstanceInput in, String name, Hook hook) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(Optional.ofNullable(hook.image()).orElse(in.server().image()))
        .withImagePullPolicy("IfNotPresent")
        .withCommand(command(name, hook.command()))
        .withEnvFrom(EnvSources.of(hook.envFrom()))
        .withResources(Sizing.of(null, "50m", "64Mi", "512Mi"))
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(
            mount("work", "/work"), mount("data", in.dataPath()), mount("tmp", "/tmp", name))
        .build();
  }

  private static List<String> command(String name, List<String> command) {
    var all = new ArrayList<>(List.of("/bin/sh", "-c", STAGE, "stage", name));
    all.addAll(command);
    return all;
  }
}
