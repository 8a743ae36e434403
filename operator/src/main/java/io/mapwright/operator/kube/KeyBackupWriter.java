package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.KeyShard;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the keys of instances with backups in Secrets that their backups mount: digests, never
 * keys. A changed key rewrites one of sixteen Secrets, and changes in quick succession are written
 * together.
 */
public final class KeyBackupWriter implements AutoCloseable {
  /** Entry of each Secret. */
  public static final String FILE = "keys.gz";

  /** A Secret holds 1 MiB. */
  private static final int MAX_FILE = 1_000_000;

  private static final Logger log = LoggerFactory.getLogger(KeyBackupWriter.class);
  private static final Duration DELAY = Duration.ofSeconds(3);

  /** Rounds after which a shard that is reported incomplete is retried: half a minute. */
  private static final int RETRY_ROUNDS = 10;

  private record Shard(NamespacedName instance, int number) {}

  /** The source of the written data; answered from informers. */
  public interface Lookups {
    Optional<MapwrightInstance> instance(NamespacedName id);

    /** Keys of an instance that belong in one of its files. */
    List<ApiKey> keysOf(NamespacedName instance, int shard);

    List<ApiKey> keysWith(String namespace, String policy);

    Optional<OriginPolicy> policy(String namespace, String name);
  }

  private final KubernetesClient client;
  private final Consumer<NamespacedName> onChange;
  private final PeriodicTask task = new PeriodicTask("key-ledger", DELAY, this::write);
  private final Set<Shard> changed = ConcurrentHashMap.newKeySet();
  private final Set<NamespacedName> followed = ConcurrentHashMap.newKeySet();
  private final Map<Shard, Problem> missing = new ConcurrentHashMap<>();
  private volatile Optional<Lookups> lookups = Optional.empty();
  private int rounds;

  /**
   * Creates one that does not write yet.
   *
   * @param onChange called with each instance for which {@link #missing} changed
   */
  public KeyBackupWriter(KubernetesClient client, Consumer<NamespacedName> onChange) {
    this.client = client;
    this.onChange = onChange;
  }

  /** Which keys backups of an instance lack, and why. */
  public Optional<Problem> missing(NamespacedName instance) {
    return IntStream.range(0, KeyShard.COUNT)
        .mapToObj(number -> Optional.ofNullable(missing.get(new Shard(instance, number))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private void setMissing(Shard shard, Optional<Problem> problem) {
    var before = Optional.ofNullable(missing.get(shard));
    problem.ifPresentOrElse(now -> missing.put(shard, now), () -> missing.remove(shard));
    if (!before.equals(problem)) {
      onChange.accept(shard.instance());
    }
  }

  /** Starts writing. */
  public void start(Lookups from) {
    lookups = Optional.of(from);
    task.start();
  }

  public PeriodicTask task() {
    return task;
  }

  /** Called by a pass over an instance: a new one is written completely. */
  public void follow(MapwrightInstance instance) {
    var id = NamespacedName.of(instance);
    if (instance.getSpec().backup() == null) {
      forget(id);
    } else if (followed.add(id)) {
      for (var number = 0; number < KeyShard.COUNT; number++) {
        changed.add(new Shard(id, number));
      }
    }
  }

  /**
   * Before the final backup of an instance in foreground deletion, as Argo CD requests it: the
   * garbage collector deletes dependents first, so these Secrets are written again without an
   * owner. {@link #attach} restores the owner.
   */
  public void detach(MapwrightInstance instance) {
    var id = NamespacedName.of(instance);
    for (var number = 0; number < KeyShard.COUNT; number++) {
      attempt(new Shard(id, number), instance, List.of());
    }
  }

  /** Makes the Secrets of {@link #detach} dependents of the instance again. */
  public void attach(MapwrightInstance instance) {
    var meta = instance.getMetadata();
    var id = NamespacedName.of(instance);
    IntStream.range(0, KeyShard.COUNT)
        .filter(number ->
            stored(meta.getNamespace(), Names.keyringShard(meta.getName(), number))
                .filter(secret -> secret.getMetadata().getOwnerReferences().isEmpty())
                .isPresent())
        .forEach(number -> attempt(new Shard(id, number), instance, owners(instance)));
  }

  public void forget(NamespacedName instance) {
    followed.remove(instance);
    missing.keySet().removeIf(shard -> shard.instance().equals(instance));
  }

  /** Handles a key that was created, changed or deleted. */
  public void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    Stream.of(Optional.ofNullable(before), Optional.ofNullable(now))
        .flatMap(Optional::stream)
        .forEach(this::changed);
  }

  /** Handles a change of a policy, which is stored with the keys that refer to it. */
  public void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    var policy = now == null ? before : now;
    if (policy != null && !KeySources.sameVersion(before, now)) {
      var meta = policy.getMetadata();
      lookups.ifPresent(
          from -> from.keysWith(meta.getNamespace(), meta.getName()).forEach(this::changed));
    }
  }

  private void changed(ApiKey key) {
    var instance = Keyring.instanceOf(key);
    if (followed.contains(instance)) {
      changed.add(new Shard(instance, shard(key)));
    }
  }

  public static int shard(ApiKey key) {
    return KeyShard.of(key.getMetadata().getNamespace(), key.getMetadata().getName());
  }

  private void write() {
    // An obstacle can disappear without a change of a key that would trigger another attempt.
    if (++rounds % RETRY_ROUNDS == 0) {
      changed.addAll(missing.keySet());
    }
    for (var shard : new HashSet<>(changed)) {
      changed.remove(shard);
      lookups
          .flatMap(from -> from.instance(shard.instance()))
          .filter(instance -> instance.getSpec().backup() != null)
          // An instance that is being deleted keeps what was written for its final backup.
          .filter(instance -> instance.getMetadata().getDeletionTimestamp() == null)
          .ifPresent(instance -> attempt(shard, instance, owners(instance)));
    }
  }

  private void attempt(Shard shard, MapwrightInstance instance, List<OwnerReference> owners) {
    task.beat();
    var written = false;
    try {
      setMissing(shard, lookups.flatMap(from -> write(instance, shard, owners, from)));
      written = true;
    } catch (KubernetesClientException e) {
      log.warn(
          "the keys of {} could not be stored for backups, retrying: {}",
          shard.instance(),
          e.getMessage());
      // An unavailable API server is not a problem of this instance.
      refusal(secret(shard), e)
          .ifPresent(why -> setMissing(shard, Optional.of(incomplete(why.message()))));
    } finally {
      // A change that was not written is kept, whatever the failure.
      if (!written) {
        changed.add(shard);
      }
    }
  }

  private static String secret(Shard shard) {
    return "Secret " + Names.keyringShard(shard.instance().name(), shard.number());
  }

  /** With many keys the request may be too large for the API server to parse. */
  private static Optional<Problem> refusal(String secret, KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_ENTITY_TOO_LARGE
        ? Optional.of(Refusal.refused(secret, e))
        : Refusal.of(secret, e);
  }

  private static Problem incomplete(String why) {
    return new Problem(
        ConditionType.BackupHealthy,
        Reason.KeysNotBackedUp,
        "backups do not contain every change of the keys: " + why);
  }

  /** Not as controller: these Secrets are not in the plan and must not be pruned. */
  private static List<OwnerReference> owners(MapwrightInstance instance) {
    var meta = instance.getMetadata();
    return List.of(
        new OwnerReferenceBuilder()
            .withApiVersion(instance.getApiVersion())
            .withKind(instance.getKind())
            .withName(meta.getName())
            .withUid(meta.getUid())
            .build());
  }

  /** Returns what had to be omitted, if anything. */
  private Optional<Problem> write(
      MapwrightInstance instance, Shard shard, List<OwnerReference> owners, Lookups from) {
    var meta = instance.getMetadata();
    var name = Names.keyringShard(meta.getName(), shard.number());
    var records =
        from.keysOf(shard.instance(), shard.number()).stream()
            .flatMap(key ->
                KeyRecord.of(
                    key,
                    meta.getNamespace(),
                    policy ->
                        from.policy(key.getMetadata().getNamespace(), policy)
                            .map(OriginPolicy::getSpec))
                    .stream())
            .toList();
    var stored = stored(meta.getNamespace(), name);
    var file = encode(records);
    var data = Map.of(FILE, file.base64());
    var omitted =
        file.maxCut() < RevokedDigests.MOST
            ? Optional.of(
                incomplete(
                    secret(shard)
                        + " has room for the newest "
                        + file.maxCut()
                        + " revoked digests of each key only; delete ApiKeys that are no longer needed"))
            : Optional.<Problem>empty();
    if ((records.isEmpty() && stored.isEmpty())
        || stored
            .filter(secret -> data.equals(secret.getData()))
            .filter(secret -> secret.getMetadata().getOwnerReferences().equals(owners))
            .isPresent()) {
      return omitted;
    }
    if (stored.filter(secret -> !Labels.owns(meta.getName(), secret)).isPresent()) {
      return Optional.of(
          incomplete(secret(shard) + " was not created for this instance; rename or delete it"));
    }
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(meta.getNamespace())
                .withLabels(Labels.of(meta.getName()))
                .withAnnotations(Map.of(Labels.OWNER, meta.getName()))
                .withOwnerReferences(owners)
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build())
        .fieldManager(Applier.FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
    return omitted;
  }

  private Optional<Secret> stored(String namespace, String name) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
  }

  private record EncodedShard(String base64, int maxCut) {}

  /** Keys take precedence: the oldest revoked digests are dropped if they do not fit. */
  private static EncodedShard encode(List<KeyRecord> records) {
    var maxCut = RevokedDigests.MOST;
    var file = KeyShard.encode(records);
    while (file.length > MAX_FILE && maxCut > 0) {
      maxCut /= 2;
      var newest = maxCut;
      file = KeyShard.encode(records.stream().map(r -> r.withNewestCut(newest)).toList());
    }
    return new EncodedShard(Base64.getEncoder().encodeToString(file), maxCut);
  }

  @Override
  public void close() {
    task.close();
  }
}
