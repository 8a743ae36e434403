package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.model.InstanceInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The map server's container. It declares no port: only the gateway beside it may reach it. */
public final class ServerContainer {
  static final String NAME = "server";

  /** How long nodes may take to stop routing new connections to a pod. */
  private static final long ENDPOINTS_LAG_SECONDS = 5;

  private ServerContainer() {}

  static Container of(InstanceInput in) {
    return new ContainerBuilder(unprobed(in))
        .withLifecycle(lingers())
        .withTerminationMessagePolicy(lastWords(in))
        .withStartupProbe(
            probe()
                .withPeriodSeconds(2)
                .withFailureThreshold((int) (in.startup().toSeconds() / 2))
                .build())
        .withReadinessProbe(probe().withPeriodSeconds(5).withFailureThreshold(3).build())
        .withLivenessProbe(probe().withPeriodSeconds(10).withFailureThreshold(6).build())
        .build();
  }

  /**
   * A pod still gets requests for a moment after its termination starts, and its gateway, a
   * sidecar, outlives the server: answers would be 503 meanwhile. The delay does not depend on the
   * number of replicas, since a different pod template would replace running pods whenever that
   * changes.
   */
  private static Lifecycle lingers() {
    return new LifecycleBuilder()
        .withNewPreStop()
        .withNewSleep(ENDPOINTS_LAG_SECONDS)
        .endPreStop()
        .build();
  }

  /** The end of its log, unless a retention for logs forbids a copy. */
  private static String lastWords(InstanceInput in) {
    return in.logRetention().isPresent() ? "File" : "FallbackToLogsOnError";
  }

  /** The same without a gateway for its probes. */
  public static Container unprobed(InstanceInput in) {
    var server = in.server();
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(in.imageDecision().image())
        .withImagePullPolicy("IfNotPresent")
        .withCommand(Optional.ofNullable(server.command()).orElse(List.of()))
        .withArgs(Optional.ofNullable(server.args()).orElse(List.of()))
        .withEnv(env(in))
        .withEnvFrom(EnvSources.of(server.envFrom()))
        .withResources(Sizing.of(server.resources(), "100m", "256Mi", "1Gi"))
        .withSecurityContext(PodSecurity.container())
        .withVolumeMounts(
            new VolumeMountBuilder().withName("data").withMountPath(in.dataPath()).build(),
            new VolumeMountBuilder()
                .withName("tmp")
                .withMountPath("/tmp")
                .withSubPath("server")
                .build())
        .build();
  }

  /** Probed through the gateway, so that a server which listens only on loopback can be probed. */
  private static ProbeBuilder probe() {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/serverz")
        .withNewPort(GatewayPorts.DEFAULTS.internal())
        .endHttpGet()
        .withTimeoutSeconds(5);
  }

  private static List<EnvVar> env(InstanceInput in) {
    var env = new ArrayList<EnvVar>();
    for (var variable : Optional.ofNullable(in.server().env()).orElse(List.of())) {
      var secret = variable.secretKeyRef();
      env.add(
          secret == null
              ? new EnvVar(variable.name(), variable.value(), null)
              : EnvSources.secret(variable.name(), secret));
    }
    var database = in.server().database();
    if (database != null) {
      env.add(
          EnvSources.secret(
              Optional.ofNullable(database.envName()).orElse(Defaults.DATABASE_VARIABLE),
              database.urlSecretRef()));
    }
    return env;
  }
}
