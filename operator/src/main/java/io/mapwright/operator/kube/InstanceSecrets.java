package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mapwright.operator.model.NamespacedName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The Secrets that instances refer to: those of the operator, of cert-manager and of users. Each is
 * read by name, so the operator needs no permission to list or watch Secrets, which would let it
 * read all of them.
 *
 * <p>What was read is cached and polled; only a change triggers a pass. What did not exist is read
 * by each pass.
 */
public final class InstanceSecrets implements AutoCloseable {
  /** A thousand instances with three Secrets each are polled in two and a half minutes. */
  private static final double PER_SECOND = 20;

  private final KubernetesClient client;
  private final Consumer<NamespacedName> onChange;
  private final RoundRobinPoller<Read> rounds;
  private final Map<NamespacedName, Map<String, Optional<Secret>>> reads =
      new ConcurrentHashMap<>();
  private final Map<NamespacedName, String> versions = new ConcurrentHashMap<>();

  /** A Secret that an instance has read from its namespace. */
  private record Read(NamespacedName instance, String name) {
    String namespace() {
      return instance.namespace();
    }

    @Override
    public String toString() {
      return "Secret " + namespace() + "/" + name;
    }
  }

  /**
   * Polls each Secret that was read, and reports changes.
   *
   * @param period the shortest time between two polls of the same Secret
   */
  public InstanceSecrets(
      KubernetesClient client, Duration period, Consumer<NamespacedName> onChange) {
    this.client = client;
    this.onChange = onChange;
    rounds =
        new RoundRobinPoller<>(
            "instance-secrets",
            new RoundRobinPoller.Pace(period, PER_SECOND),
            this::all,
            this::check);
  }

  /** Starts polling. */
  public void start() {
    rounds.start();
  }

  public PeriodicTask task() {
    return rounds.task();
  }

  /** A Secret in the namespace of an instance, as last read. */
  public Optional<Secret> read(NamespacedName instance, String name) {
    var known = of(instance);
    var remembered = known.getOrDefault(name, Optional.empty());
    if (remembered.isPresent()) {
      return remembered;
    }
    var secret = new Read(instance, name);
    var now = get(secret);
    known.put(name, now);
    if (now.isPresent()) {
      rounds.add(secret);
    }
    return now;
  }

  /**
   * A Secret that depends on another object, such as cert-manager's Certificate: read again when
   * that has changed.
   *
   * @param version of the other object; empty if there is none
   */
  public Optional<Secret> read(NamespacedName instance, String name, String version) {
    if (!version.equals(versions.put(instance, version))) {
      outdated(instance, name);
    }
    return read(instance, name);
  }

  /** A Secret as it is now. It is not cached: only what an instance keeps or serves is. */
  public Optional<Secret> fetch(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  /** Caches the result of a write. */
  void remember(NamespacedName instance, Secret written) {
    of(instance).put(written.getMetadata().getName(), Optional.of(written));
  }

  /** A write conflicted with the cached version: the next pass reads the Secret again. */
  void outdated(NamespacedName instance, String name) {
    of(instance).remove(name);
  }

  /** Drops Secrets that an instance no longer refers to. */
  public void retain(NamespacedName instance, Set<String> names) {
    of(instance).keySet().retainAll(names);
  }

  public void forget(NamespacedName instance) {
    reads.remove(instance);
    versions.remove(instance);
  }

  private Map<String, Optional<Secret>> of(NamespacedName instance) {
    return reads.computeIfAbsent(instance, _ -> new ConcurrentHashMap<>());
  }

  private List<Read> all() {
    return reads.entrySet().stream()
        .flatMap(
            entry -> entry.getValue().keySet().stream().map(name -> new Read(entry.getKey(), name)))
        .toList();
  }

  private void check(Read read) {
    var known = reads.get(read.instance());
    var before = known == null ? null : known.get(read.name());
    if (known == null || before == null) {
      return;
    }
    var now = get(read);
    // A concurrent read or write has a newer version.
    if (!version(now).equals(version(before)) && known.replace(read.name(), before, now)) {
      onChange.accept(read.instance());
    }
  }

  private Optional<Secret> get(Read read) {
    return fetch(read.namespace(), read.name());
  }

  private static Optional<String> version(Optional<Secret> secret) {
    return secret
        .map(Secret::getMetadata)
        .map(meta -> meta.getUid() + "/" + Objects.requireNonNull(meta.getResourceVersion()));
  }

  @Override
  public void close() {
    rounds.close();
  }
}
