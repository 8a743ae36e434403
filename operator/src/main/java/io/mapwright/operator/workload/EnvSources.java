package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.mapwright.operator.api.v1alpha1.EnvFrom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secrets and ConfigMaps whose entries become environment variables. */
public final class EnvSources {
  private EnvSources() {}

  public static List<EnvFromSource> of(@Nullable List<EnvFrom> sources) {
    return sources == null ? List.of() : sources.stream().map(EnvSources::source).toList();
  }

  private static EnvFromSource source(EnvFrom source) {
    var builder = new EnvFromSourceBuilder();
    var secret = source.secretRef();
    var config = source.configMapRef();
    if (secret != null) {
      builder.withNewSecretRef(secret.name(), null);
    } else if (config != null) {
      builder.withNewConfigMapRef(config.name(), null);
    }
    return builder.build();
  }
}
