package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What stands in a Secret. */
public final class SecretText {
  private SecretText() {}

  public static Map<String, String> of(Secret secret) {
    var text = new TreeMap<String, String>();
    secret
        .getData()
        .forEach((entry, value) ->
            text.put(entry, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return text;
  }
}
