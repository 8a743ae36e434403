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
 * Delivery Secrets, read by name and remembered as {@link Delivered}: whose each is, and of each
 * value its digest, for that is all a pass asks. So the memory of the operator holds no key that
 * was delivered, and the operator may not list anybody's Secrets.
 */
public final class DeliveredSecrets implements AutoCloseable {
  /** Ten thousand keys are looked through in under six hours, at about 0.1 % of a core. */
  private static final double PER_SECOND = 0.5;

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Consumer<NamespacedName> onChange;
  private final RoundRobinPoller<NamespacedName> rounds;
  private final Map<NamespacedName, Known> known = new ConcurrentHashMap<>();

  /**
   * What is delivered where.
   *
   * @param key the ApiKey
   * @param secret name of the Secret, in the namespace of the ApiKey
   * @param expected what it holds as far as the ApiKey says; empty if it says nothing certain
   */
  public record Delivery(NamespacedName key, String secret, Optional<Delivered> expected) {}

  /**
   * A Secret, without the keys in it.
   *
   * @param owners uids of those who own it
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

  /** What a Secret was when it was last looked at. */
  private record Known(String secret, Optional<Delivered> content) {}

  /**
   * Looks through the Secrets of all keys in turn.
   *
   * @param period the shortest time between two looks at the same Secret
   * @param keys all ApiKeys
   * @param deliveries what an ApiKey has delivered; empty if nothing
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
            key -> deliveries.apply(key).ifPresent(this::look));
  }

  /** Begins to look. */
  public void start() {
    rounds.start();
  }

  public PeriodicTask task() {
    return rounds.task();
  }

  /** The Secret as it was when it was last looked at; empty if it was not, or was not there. */
  public Optional<Delivered> remembered(Delivery delivery) {
    return lastLook(delivery).flatMap(Known::content);
  }

  /** The Secret as remembered, else as the key says, else as it is. */
  public Optional<Delivered> find(Delivery delivery) {
    return remembered(delivery)
        .or(() -> lastLook(delivery).isEmpty() ? delivery.expected() : Optional.empty())
        .or(() -> read(delivery));
  }

  private Optional<Known> lastLook(Delivery delivery) {
    return Optional.ofNullable(known.get(delivery.key()))
        .filter(one -> one.secret().equals(delivery.secret()));
  }

  /** The Secret as it is. */
  public Optional<Delivered> read(Delivery delivery) {
    var now = get(delivery);
    known.put(delivery.key(), new Known(delivery.secret(), now));
    return now;
  }

  /**
   * Writes a Secret. Fails with a conflict if one of that name is somebody else's.
   *
   * @param there whether it is known to be there
   * @param own whether one that is there may be replaced
   * @return the HTTP status if the API server refuses what is sent
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
    // Asked for, not remembered: it is replaced at this very version.
    var present = client.resource(desired).get();
    if (present == null) {
      return client.resource(desired).create();
    }
    if (!own.test(present)) {
      throw new KubernetesClientException(
          "Secret " + present.getMetadata().getName() + " is another's by now",
          HttpURLConnection.HTTP_CONFLICT,
          null);
    }
    desired.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
    return client.resource(desired).update();
  }

  /** Whether the API server judged what was sent, so that the same again can not succeed. */
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

  private void look(Delivery delivery) {
    var before = lastLook(delivery).isPresent() ? remembered(delivery) : delivery.expected();
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
