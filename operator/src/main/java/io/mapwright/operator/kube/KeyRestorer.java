package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.KeyDigests;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.recovery.KeyLog;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.RestoredKeys;
import io.mapwright.operator.recovery.UnusableKeys;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recreates the keys of a snapshot, from the log of the container that prints them. The state of
 * this cluster takes precedence: a digest that any key here has or had is skipped, so none that was
 * revoked here is accepted again.
 */
public final class KeyRestorer {
  /** Name of the container whose log holds the keys' files. */
  public static final String CONTAINER = "keys";

  private static final Logger log = LoggerFactory.getLogger(KeyRestorer.class);

  /** Timeout for the log, which the API server reads from the node. */
  private static final Duration LOG_TIMEOUT = Duration.ofMinutes(1);

  /** Memory that a key takes: the chart's limits are based on the same figure. */
  private static final long BYTES_PER_KEY = 10_240;

  /** Number of refused objects after which the restore gives up. */
  private static final int MAX_REFUSED = 100;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int TIMEOUT = 408;
  private static final int CONFLICT = 409;
  private static final int MAX_NAME = 253;

  private final KubernetesClient client;
  private final MapwrightInstance instance;
  private final Duration timeout;
  private final Set<String> digests = new HashSet<>();
  private final Map<NamespacedName, ApiKey> names = new HashMap<>();
  private final List<String> refused = new ArrayList<>();
  private int count;
  private int otherNamespaces;

  /**
   * Creates one for an instance.
   *
   * @param known all keys of the cluster that the operator sees
   */
  public KeyRestorer(KubernetesClient client, MapwrightInstance instance, Stream<ApiKey> known) {
    this(client, instance, known, LOG_TIMEOUT);
  }

  KeyRestorer(
      KubernetesClient client, MapwrightInstance instance, Stream<ApiKey> known, Duration timeout) {
    this.client = client;
    this.instance = instance;
    this.timeout = timeout;
    known.forEach(key -> {
      digests.addAll(digests(key));
      names.put(NamespacedName.of(key), key);
    });
  }

  /**
   * Reads the pod's log and creates what is missing; idempotent.
   *
   * @throws UnusableKeys if a retry would not help; the message says why
   * @throws IOException if it may be retried
   */
  public RestoredKeys from(String pod) throws IOException {
    try {
      return restoreAll(pod);
    } catch (KubernetesClientException e) {
      throw new IOException("the API server or the node of pod " + pod + " did not answer", e);
    }
  }

  private RestoredKeys restoreAll(String pod) throws IOException {
    var wanted = new Wanted(Runtime.getRuntime().maxMemory() / BYTES_PER_KEY - names.size());
    // Read completely first: nothing is created from a truncated or oversized log.
    read(pod, wanted);
    var creator = new KeyCreator(wanted.digests);
    read(pod, creator);
    if (!refused.isEmpty()) {
      throw refusal();
    }
    return new RestoredKeys(count, otherNamespaces);
  }

  /** Collects the digests that a snapshot would accept. */
  private static final class Wanted implements KeyLog.RecordConsumer {
    private final long limit;
    private final Set<String> digests = new HashSet<>();
    private long found;

    Wanted(long limit) {
      this.limit = limit;
    }

    @Override
    public void accept(KeyRecord record) throws UnusableKeys {
      count();
      digests.add(record.digest());
    }

    @Override
    public void acceptNewest(KeyRecord record) throws UnusableKeys {
      if (record.revoked()) {
        count();
      }
    }

    private void count() throws UnusableKeys {
      if (++found > limit) {
        throw new UnusableKeys(
            "the snapshot holds more keys than the operator has memory for, which is "
                + Math.max(0, limit)
                + " more; raise its memory limit");
      }
    }
  }

  /**
   * Creates keys; digests that are revoked in the newest snapshot stay revoked, whatever an older
   * one says.
   */
  private final class KeyCreator implements KeyLog.RecordConsumer {
    private final Set<String> wanted;
    private final Set<String> cut = new HashSet<>();

    KeyCreator(Set<String> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void acceptNewest(KeyRecord record) throws UnusableKeys {
      record.cutDigests().stream().filter(wanted::contains).forEach(cut::add);
      if (record.revoked()) {
        restore(record);
      }
    }

    @Override
    public void accept(KeyRecord record) throws UnusableKeys {
      restore(cut.contains(record.digest()) ? record.asRevoked() : record);
    }
  }

  private void read(String pod, KeyLog.RecordConsumer consumer) throws IOException {
    try (var log =
            client
                .pods()
                .inNamespace(instance.getMetadata().getNamespace())
                .withName(pod)
                .inContainer(CONTAINER)
                .limitBytes(KeyLog.MAX_BYTES + 1)
                .getLogInputStream();
        var limit = new TimeLimit(timeout, log)) {
      KeyLog.read(limit.stream(), consumer);
    } catch (KubernetesClientException e) {
      if (isRetryable(e)) {
        throw e;
      }
      throw new UnusableKeys(
          e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
              ? "the operator may not read the log of pod " + pod + ": grant it get on pods/log"
              : "the log of pod " + pod + ", which held the keys, is gone");
    }
  }

  private UnusableKeys refusal() {
    return new UnusableKeys(
        count
            + " keys were restored, "
            + refused.size()
            + (refused.size() < MAX_REFUSED ? "" : " or more")
            + " objects were refused by the API server, the first: "
            + refused.getFirst());
  }

  private static boolean isRetryable(KubernetesClientException e) {
    return e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST
        || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR
        || e.getCode() == TOO_MANY_REQUESTS
        || e.getCode() == TIMEOUT;
  }

  private void restore(KeyRecord record) throws UnusableKeys {
    var meta = instance.getMetadata();
    var namespace = Optional.ofNullable(record.namespace()).orElse(meta.getNamespace());
    if (!namespace.equals(meta.getNamespace())) {
      // Creating keys in another namespace is up to those who have the permission there.
      otherNamespaces++;
      return;
    }
    if (digests.contains(record.digest())) {
      return;
    }
    var name = record.name();
    var existing = names.get(new NamespacedName(namespace, name));
    if (existing != null && Boolean.TRUE.equals(existing.getSpec().revoked())) {
      return;
    }
    if (existing != null || name.length() > MAX_NAME) {
      // Recreated with another digest, as from Git; clients still have the old one.
      name =
          name.substring(0, Math.min(name.length(), 230)) + "-" + record.digest().substring(0, 8);
    }
    for (var policy : record.policies().entrySet()) {
      var made = new OriginPolicy();
      made.setMetadata(metadata(namespace, policy.getKey()));
      made.setSpec(policy.getValue());
      create(made);
    }
    var key = new ApiKey();
    key.setMetadata(metadata(namespace, name));
    if (!record.cutDigests().isEmpty()) {
      key.getMetadata()
          .getAnnotations()
          .put(Labels.CUT_DIGESTS, RevokedDigests.annotation(record.cutDigests()));
    }
    key.setSpec(record.specFor(meta.getName(), null));
    if (create(key)) {
      digests.add(record.digest());
      count++;
    }
  }

  private static ObjectMeta metadata(String namespace, String name) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(name)
        .addToAnnotations(Labels.RESTORED, "true")
        .build();
  }

  /** One refused object does not prevent the others. */
  private boolean create(HasMetadata object) throws UnusableKeys {
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (isRetryable(e)) {
        throw e;
      }
      if (e.getCode() != CONFLICT) {
        refuse(object, e);
        return false;
      }
      // It already exists: a policy of several keys, or an earlier attempt.
      log.debug("{} {} exists", object.getKind(), object.getMetadata().getName());
    }
    return true;
  }

  private void refuse(HasMetadata object, KubernetesClientException e) throws UnusableKeys {
    var why = Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElse("");
    refused.add(object.getKind() + " " + object.getMetadata().getName() + ": " + why);
    if (refused.size() == MAX_REFUSED) {
      throw refusal();
    }
  }

  private static List<String> digests(ApiKey key) {
    var current = Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::current);
    return Stream.concat(KeyDigests.ever(key), current.map(KeyDigest::sha256).stream()).toList();
  }
}
