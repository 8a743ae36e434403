package io.mapwright.operator.cause;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.EnvFrom;
import io.mapwright.operator.api.v1alpha1.Hook;
import io.mapwright.operator.api.v1alpha1.Hooks;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.api.v1alpha1.VolumeRepository;
import io.mapwright.operator.model.Images;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.SecretUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the field of a spec that refers to something. */
record Fields(InstanceInput in) {

  /** The field that names an image, as pods write it. */
  String ofImage(String image) {
    return Images.of(in).entrySet().stream()
        .filter(named -> named.getValue().equals(image))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("image");
  }

  /** The fields that name a Secret; empty if none does. */
  String ofSecret(String name) {
    return SecretUse.in(in.spec()).stream()
        .filter(use -> use.name().equals(name))
        .map(SecretUse::field)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The fields that name a ConfigMap; empty if none does. */
  String ofConfigMap(String name) {
    var hooks = in.backup().map(Backup::hooks);
    return Stream.of(
            named("server.envFrom", in.server().envFrom(), name),
            named("backup.hooks.before.envFrom", envOf(hooks.map(Hooks::before)), name),
            named("backup.hooks.after.envFrom", envOf(hooks.map(Hooks::after)), name))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private static @Nullable List<EnvFrom> envOf(Optional<Hook> hook) {
    return hook.map(Hook::envFrom).orElse(null);
  }

  private static Optional<String> named(
      String field, @Nullable List<EnvFrom> sources, String name) {
    return sources != null
            && sources.stream()
                .map(EnvFrom::configMapRef)
                .anyMatch(ref -> ref != null && ref.name().equals(name))
        ? Optional.of(field)
        : Optional.empty();
  }

  /** The field that a claim belongs to; a claim of the user is named by a field. */
  String ofClaim(String claim) {
    var repository = in.backup().map(Backup::repository).map(Repository::volume);
    if (repository.map(VolumeRepository::existingClaim).filter(claim::equals).isPresent()) {
      return "backup.repository.volume.existingClaim";
    }
    if (claim.equals(Names.backupRepository(in.name()))) {
      return "backup.repository.volume";
    }
    return in.volume().filter(v -> claim.equals(v.existingClaim())).isPresent()
        ? "server.volume.existingClaim"
        : "server.volume";
  }
}
