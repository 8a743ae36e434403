package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that users bring. They carry no label of ours and are not watched, so what a pass read is
 * asked for again from time to time. Only a change starts a pass: a look costs one request, a pass
 * a hundred times as much.
 */
public final class UnwatchedSecrets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnwatchedSecrets.class);

  private final KubernetesClient client;
  private final Consumer<ResourceID> onChange;
  private final Recurring task;
  private final Map<ResourceID, Read> reads = new ConcurrentHashMap<>();

  private record Read(String namespace, String name, Optional<String> version) {}

  /** Looks once in a period at each Secret that was read, and tells whose has changed. */
  public UnwatchedSecrets(KubernetesClient client, Duration period, Consumer<ResourceID> onChange) {
    this.client = client;
    this.onChange = onChange;
    task = new Recurring("unwatched-secrets", period, this::look);
  }

  /** Begins to look. */
  public void start() {
    task.start();
  }

  public Recurring task() {
    return task;
  }

  /** Reads a Secret for somebody who wants to know when it changes; a reader has one. */
  public Optional<Secret> read(ResourceID reader, String namespace, String name) {
    var secret = get(namespace, name);
    reads.put(reader, new Read(namespace, name, secret.map(UnwatchedSecrets::version)));
    return secret;
  }

  public void forget(ResourceID reader) {
    reads.remove(reader);
  }

  private void look() {
    reads.forEach((reader, read) -> {
      task.beat();
      try {
        var now = get(read.namespace(), read.name()).map(UnwatchedSecrets::version);
        if (!now.equals(read.version())) {
          onChange.accept(reader);
        }
      } catch (KubernetesClientException e) {
        log.warn(
            "could not look at Secret {}/{}: {}", read.namespace(), read.name(), e.getMessage());
      }
    });
  }

  private Optional<Secret> get(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  private static String version(Secret secret) {
    return secret.getMetadata().getUid() + "/" + secret.getMetadata().getResourceVersion();
  }

  @Override
  public void close() {
    task.close();
  }
}
