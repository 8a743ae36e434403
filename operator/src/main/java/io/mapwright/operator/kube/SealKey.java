package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.seal.StatusSeal;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that statuses are sealed with: a Secret in the operator's namespace, created by the first
 * replica that starts and shared by all. If it is deleted while an operator runs, it is recreated
 * with the same key.
 */
public final class SealKey implements AutoCloseable {
  public static final String SECRET = "mapwright-operator-seal";

  private static final Logger log = LoggerFactory.getLogger(SealKey.class);
  private static final String ENTRY = "key";
  private static final Duration CHECK_PERIOD = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final byte[] bytes;
  private final PeriodicTask task;

  private SealKey(KubernetesClient client, String namespace, byte[] bytes, Duration period) {
    this.client = client;
    this.namespace = namespace;
    this.bytes = bytes;
    task = new PeriodicTask("seal-key", period, this::recreateIfDeleted);
  }

  /**
   * Reads the key, and creates it if there is none.
   *
   * @throws KubernetesClientException if the Secret can neither be read nor created
   * @throws IllegalStateException if the Secret holds no key of {@link StatusSeal#KEY_BYTES} bytes;
   *     it is not replaced, since all seals would become invalid
   */
  public static SealKey load(KubernetesClient client, String namespace, SecureRandom random) {
    return load(client, namespace, random, CHECK_PERIOD);
  }

  static SealKey load(
      KubernetesClient client, String namespace, SecureRandom random, Duration period) {
    var stored = client.secrets().inNamespace(namespace).withName(SECRET).get();
    if (stored == null) {
      var bytes = new byte[StatusSeal.KEY_BYTES];
      random.nextBytes(bytes);
      stored = make(client, namespace, bytes);
    }
    return new SealKey(client, namespace, content(stored), period);
  }

  /** A seal with this key. */
  public StatusSeal seal(boolean adopting) {
    return new StatusSeal(bytes, adopting);
  }

  /** Starts checking that the Secret still exists. */
  public void start() {
    task.start();
  }

  public PeriodicTask task() {
    return task;
  }

  private void recreateIfDeleted() {
    if (client.secrets().inNamespace(namespace).withName(SECRET).get() == null) {
      log.warn("Secret {}/{} is gone, recreating it with the same key", namespace, SECRET);
      make(client, namespace, bytes);
    }
  }

  private static Secret make(KubernetesClient client, String namespace, byte[] bytes) {
    try {
      return client
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

  @Override
  public void close() {
    task.close();
  }

  @Override
  public String toString() {
    return "SealKey";
  }
}
