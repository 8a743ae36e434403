package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.seal.StatusSeal;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that statuses are sealed with: a Secret in the operator's own namespace, made by the
 * first operator that starts and shared by its replicas.
 */
public final class SealKey {
  public static final String SECRET = "mapwright-operator-seal";

  private static final Logger log = LoggerFactory.getLogger(SealKey.class);
  private static final String ENTRY = "key";

  private SealKey() {}

  /**
   * Reads the key, and makes it if there is none.
   *
   * @return at least {@link StatusSeal#KEY_BYTES} bytes
   * @throws KubernetesClientException if the Secret can neither be read nor made
   * @throws IllegalStateException if the Secret holds no key; it is not replaced, for all that was
   *     sealed would be lost
   */
  public static byte[] load(KubernetesClient client, String namespace, SecureRandom random) {
    var stored = client.secrets().inNamespace(namespace).withName(SECRET).get();
    return content(stored == null ? make(client, namespace, random) : stored);
  }

  private static Secret make(KubernetesClient client, String namespace, SecureRandom random) {
    var bytes = new byte[StatusSeal.KEY_BYTES];
    random.nextBytes(bytes);
    try {
      var made =
          client
              .resource(
                  new SecretBuilder()
                      .withNewMetadata()
                      .withName(SECRET)
                      .withNamespace(namespace)
                      .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR))
                      .endMetadata()
                      .withType("Opaque")
                      .withImmutable(true)
                      .withData(Map.of(ENTRY, Base64.getEncoder().encodeToString(bytes)))
                      .build())
              .create();
      log.info("made Secret {}/{}, with which statuses are sealed", namespace, SECRET);
      return made;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Another replica was first.
      return client.secrets().inNamespace(namespace).withName(SECRET).require();
    }
  }

  private static byte[] content(Secret secret) {
    var data = secret.getData();
    var key = data == null ? null : data.get(ENTRY);
    var bytes = key == null ? new byte[0] : Base64.getDecoder().decode(key);
    if (bytes.length < StatusSeal.KEY_BYTES) {
      throw new IllegalStateException(
          "Secret %s/%s holds no key of %d bytes or more under %s; restore it, or delete it and see docs/recovery.md"
              .formatted(secret.getMetadata().getNamespace(), SECRET, StatusSeal.KEY_BYTES, ENTRY));
    }
    return bytes;
  }
}
