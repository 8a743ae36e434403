package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.mapwright.operator.api.v1alpha1.EnvFrom;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Environment variables from Secrets and ConfigMaps. */
public final class EnvSources {
  private EnvSources() {}

  public static List<EnvFromSource> of(@Nullable List<EnvFrom> sources) {
    return sources == null ? List.of() : sources.stream().map(EnvSources::source).toList();
  }

  /** One entry of a Secret as a variable of that name. */
  public static EnvVar secret(String name, SecretKeyRef ref) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(ref.key(), ref.name(), null)
        .endValueFrom()
        .build();
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
