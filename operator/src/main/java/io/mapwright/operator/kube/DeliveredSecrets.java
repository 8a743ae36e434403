package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.model.NamespacedName;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Delivery Secrets, read by name and cached as {@link Delivered}: their owners and the digests of
 * their values, which is all that a pass needs. So the operator keeps no delivered key in memory,
 * and needs no permission to list Secrets.
 */
public final class DeliveredSecrets implements AutoCloseable {
  /** Ten thousand keys are polled in under six hours, at about 0.1 % of a core. */
  private static final double PER_SECOND = 0.5;

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Consumer<NamespacedName> onChange;
  private final RoundRobinPoller<NamespacedName> rounds;
  private final Map<NamespacedName, Known> known = new ConcurrentHashMap<>();

  /**
   * What is delivered to which Secret.
   *
   * @param key the ApiKey
   * @param secret name of the Secret, in the namespace of the ApiKey
   * @param expected its contents according to the ApiKey; empty if unknown
   */
  public record Delivery(NamespacedName key, String secret, Optional<Delivered> expected) {}

  /**
   * A Secret, without the keys in it.
   *
   * @param owners uids of its owners
   * @param digests by entry the digest of its value, in lower-case hex
   */
  public record Delivered(Set<String> owners, Map<String, String> digests) {
    public static Delivered of(Secret secret) {
      var digests = new TreeMap<String, String>();
      Optional.ofNullable(secret.getData())
          .orElse(Map.of())
          .forEach((entry, value) -> digests.put(entry, digest(value)));
      return new Delivered(
          secret.getMetadata().getOwnerReferences().stream()
              .map(OwnerReference::getUid)
              .collect(Collectors.toUnmodifiableSet()),
          Map.copyOf(digests));
    }

    private static String digest(String value) {
      var text = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
      return ApiKeyFormat.digest(text).toLowerCase(Locale.ROOT);
    }
  }

  /** A Secret as last read. */
  private record Known(String secret, Optional<Delivered> content) {}

  /**
   * Polls the Secrets of all keys in turn.
   *
   * @param period the shortest time between two polls of the same Secret
   * @param keys all ApiKeys
   * @param deliveries the delivery of an ApiKey, if any
   * @param onChange called with the ApiKey whose Secret changed
   */
  public DeliveredSecrets(
      KubernetesClient client,
      Duration period,
      Supplier<Collection<NamespacedName>> keys,
      Function<NamespacedName, Optional<Delivery>> deliveries,
      Consumer<NamespacedName> onChange) {
    this.client = client;
    this.onChange = onChange;
    rounds =
        new RoundRobinPoller<>(
            "delivered-secrets",
            new RoundRobinPoller.Pace(period, PER_SECOND),
            keys,
            key -> deliveries.apply(key).ifPresent(this::check));
  }

  /** Starts polling. */
  public void start() {
    rounds.start();
  }

  public PeriodicTask task() {
    return rounds.task();
  }

  /** The Secret as last read; empty if it was not read, or did not exist. */
  public Optional<Delivered> remembered(Delivery delivery) {
    return lastRead(delivery).flatMap(Known::content);
  }

  /** The Secret from the cache, else as expected by the key, else as read now. */
  public Optional<Delivered> find(Delivery delivery) {
    return remembered(delivery)
        .or(() -> lastRead(delivery).isEmpty() ? delivery.expected() : Optional.empty())
        .or(() -> read(delivery));
  }

  private Optional<Known> lastRead(Delivery delivery) {
    return Optional.ofNullable(known.get(delivery.key()))
        .filter(one -> one.secret().equals(delivery.secret()));
  }

  /** Reads the Secret. */
  public Optional<Delivered> read(Delivery delivery) {
    var now = get(delivery);
    known.put(delivery.key(), new Known(delivery.secret(), now));
    return now;
  }

  /**
   * Writes a Secret. Fails with a conflict if one of that name belongs to somebody else.
   *
   * @param there whether it is known to exist
   * @param own whether an existing one may be replaced
   * @return the HTTP status if the API server refuses the Secret
   */
  public Optional<Integer> deliver(
      NamespacedName key, Secret desired, boolean there, Predicate<Secret> own) {
    try {
      var written = there ? replace(desired, own) : client.resource(desired).create();
      known.put(
          key, new Known(written.getMetadata().getName(), Optional.of(Delivered.of(written))));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (!refuses(e.getCode())) {
        throw e;
      }
      return Optional.of(e.getCode());
    }
  }

  private Secret replace(Secret desired, Predicate<Secret> own) {
    // Read now, not from the cache: exactly this version is replaced.
    var present = client.resource(desired).get();
    if (present == null) {
      return client.resource(desired).create();
    }
    if (!own.test(present)) {
      throw new KubernetesClientException(
          "Secret " + present.getMetadata().getName() + " belongs to somebody else now",
          HttpURLConnection.HTTP_CONFLICT,
          null);
    }
    desired.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
    return client.resource(desired).update();
  }

  /** Whether the API server rejected the content, so that a retry cannot succeed. */
  private static boolean refuses(int code) {
    return switch (code) {
      case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE ->
          true;
      default -> false;
    };
  }

  public void forget(NamespacedName key) {
    known.remove(key);
  }

  private void check(Delivery delivery) {
    var before = lastRead(delivery).isPresent() ? remembered(delivery) : delivery.expected();
    var now = get(delivery);
    if (!now.equals(before)) {
      known.put(delivery.key(), new Known(delivery.secret(), now));
      onChange.accept(delivery.key());
    }
  }

  private Optional<Delivered> get(Delivery delivery) {
    return Optional.ofNullable(
            client
                .secrets()
                .inNamespace(delivery.key().namespace())
                .withName(delivery.secret())
                .get())
        .map(Delivered::of);
  }

  @Override
  public void close() {
    rounds.close();
  }
}
