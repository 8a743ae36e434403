package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.SecretUse.Kind;
import java.util.List;
import java.util.stream.Stream;

/** Names of the Secrets that the operator keeps for an instance. */
public final class OwnSecrets {
  private static final String SHARD = "-keyring-0[0-9a-f]$";
  private static final String FIRST_SHARD = "-keyring-00";

  private OwnSecrets() {}

  /**
   * Returns the names, each as {@link #known} writes it. A certificate that the user brings is none
   * of them.
   */
  public static List<String> of(MapwrightInstance instance) {
    var name = instance.getMetadata().getName();
    var always =
        List.of(
            Names.control(name),
            Names.sessions(name),
            Names.backupPassword(name),
            Names.keyringShard(name, 0));
    return instance.getSpec().tls() == null || instance.getSpec().tls().issuerRef() == null
        ? always
        : Stream.concat(always.stream(), Stream.of(Names.tls(name))).toList();
  }

  /**
   * The name by which a Secret is looked up: the sixteen Secrets with digests of keys share one.
   */
  public static String known(String secret) {
    return secret.replaceFirst(SHARD, FIRST_SHARD);
  }

  /** What a Secret of an instance holds. */
  public static Kind kind(String instance, String secret) {
    if (secret.equals(Names.backupPassword(instance))) {
      return Kind.PASSWORD;
    }
    return secret.equals(Names.tls(instance)) ? Kind.CERTIFICATE : Kind.CONTENT;
  }
}
