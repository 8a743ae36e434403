package io.mapwright.operator.plan;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The Secrets that hold an instance's {@link io.mapwright.operator.model.GeneratedSecrets}. */
public final class Secrets {
  private Secrets() {}

  public static Secret control(InstanceInput in) {
    return secret(in, Owned.by(in, Names.control(in.name())), in.generatedSecrets().control());
  }

  public static Secret sessions(InstanceInput in) {
    return secret(in, Owned.by(in, Names.sessions(in.name())), in.generatedSecrets().sessions());
  }

  /** Never deleted: without it no backup can be decrypted. */
  public static Secret backupPassword(InstanceInput in) {
    var password = Objects.requireNonNull(in.generatedSecrets().backupPassword());
    return secret(
        in, Owned.kept(in, Names.backupPassword(in.name())), Map.of("password", password));
  }

  public static Map<String, String> decode(Secret secret) {
    var decoded = new TreeMap<String, String>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) ->
              decoded.put(
                  key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return decoded;
  }

  private static Secret secret(
      InstanceInput in, ObjectMetaBuilder meta, Map<String, String> content) {
    meta.withResourceVersion(in.generatedSecrets().versions().get(meta.getName()));
    var data = new TreeMap<String, String>();
    content.forEach((key, value) ->
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder().withMetadata(meta.build()).withType("Opaque").withData(data).build();
  }
}
