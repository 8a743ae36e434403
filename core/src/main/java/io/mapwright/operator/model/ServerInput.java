package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.Server;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.api.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The map server's pods as the spec requests them, with defaults. */
public interface ServerInput {
  MapwrightInstanceSpec spec();

  String name();

  default Optional<Updates> updates() {
    return Optional.ofNullable(spec().updates());
  }

  /** Paths that must answer before an image counts as proven. */
  default List<String> probePaths() {
    return updates().map(Updates::probePaths).orElse(List.of());
  }

  default Server server() {
    return spec().server();
  }

  default int replicas() {
    return Optional.ofNullable(server().replicas()).orElse(Defaults.REPLICAS);
  }

  default boolean autoscaled() {
    return server().autoscaling() != null;
  }

  /** Secrets for pulling the images of all pods of the instance. */
  default List<LocalObjectReference> imagePullSecrets() {
    return Optional.ofNullable(server().imagePullSecrets()).orElse(List.of()).stream()
        .map(ref -> new LocalObjectReference(ref.name()))
        .toList();
  }

  /** Whether more than one pod may run, so that evictions and volumes need care. */
  default boolean severalReplicas() {
    return autoscaled() || replicas() > 1;
  }

  /** Whether the data volume permits only one pod at a time. */
  default boolean volumeIsExclusive() {
    return volume().filter(v -> !Boolean.TRUE.equals(v.readWriteMany())).isPresent();
  }

  default int serverPort() {
    return Optional.ofNullable(server().port()).orElse(Defaults.SERVER_PORT);
  }

  default String healthPath() {
    return Optional.ofNullable(server().healthPath()).orElse(Defaults.HEALTH_PATH);
  }

  default Duration startup() {
    return Duration.ofSeconds(
        Optional.ofNullable(server().startupSeconds()).orElse(Defaults.STARTUP_SECONDS));
  }

  default long runAsUser() {
    return Optional.ofNullable(server().runAsUser()).orElse(Defaults.RUN_AS_USER);
  }

  default Optional<Volume> volume() {
    return Optional.ofNullable(server().volume());
  }

  /** Name of the claim that holds the data, whether the operator created it or not. */
  default Optional<String> dataClaim() {
    return volume().map(v -> Optional.ofNullable(v.existingClaim()).orElse(Names.data(name())));
  }

  default String dataPath() {
    return volume().map(Volume::mountPath).orElse(Defaults.DATA_PATH);
  }
}
