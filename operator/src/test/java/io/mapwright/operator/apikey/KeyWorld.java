package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.keyring.NamedPolicies;
import io.mapwright.operator.kube.DeliveredSecrets.Delivered;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.RevokedDigests;
import io.mapwright.operator.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that changes at random, with a keyring and passes over keys, but no gateways. A key is
 * looked at when the operator would: after its own change, when the keyring names it, and when what
 * it refers to or the time has changed.
 */
final class KeyWorld implements Keyring.Lookups {
  private static final List<String> NAMESPACES = List.of("maps", "web", "shop");
  private static final List<String> POLICIES = List.of("site", "app");

  final Map<NamespacedName, ApiKey> keys = new LinkedHashMap<>();
  final Map<NamespacedName, MapwrightInstance> instances = new LinkedHashMap<>();
  final Keyring keyring = new Keyring(this, (_, _) -> {});
  Instant now = Given.NOW;

  private final SplittableRandom random;
  private final Map<String, OriginPolicy> policies = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> labels = new LinkedHashMap<>();
  private final Map<NamespacedName, Delivered> secrets = new LinkedHashMap<>();
  private final List<String> digests = new ArrayList<>();
  private final Set<NamespacedName> queue = new LinkedHashSet<>();
  private int made;

  KeyWorld(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Something changes, and the operator comes to rest. */
  void step() {
    switch (random.nextInt(12)) {
      case 0 -> setInstance(one("tiles", "other"));
      case 1 -> setPolicy(one("maps", "web") + "/" + one(POLICIES));
      case 2 -> setLabels(one("web", "shop"));
      case 3 -> passTime();
      case 4 -> existing().ifPresent(this::delete);
      case 5 -> existing().ifPresent(this::annotate);
      case 6 -> existing().ifPresent(this::beginDeletion);
      case 7 -> existing().ifPresent(this::loseSecret);
      default -> setKey();
    }
    rest();
  }

  private void rest() {
    var passes = 0;
    while (!queue.isEmpty()) {
      var id = queue.iterator().next();
      queue.remove(id);
      Optional.ofNullable(keys.get(id))
          .filter(key -> key.getMetadata().getDeletionTimestamp() == null)
          .ifPresent(this::pass);
      if (++passes > 10_000) {
        throw new AssertionError("the passes come to no rest");
      }
    }
  }

  private void pass(ApiKey key) {
    var facts = facts(key, Digests.of(key));
    var digests =
        switch (KeyPlan.of(facts, Optional.empty())) {
          case KeyPlan.Settle settle -> settle.digests();
          case KeyPlan.Generate generate -> generate(generate.digests(), facts);
        };
    var then = facts(key, digests);
    store(key, report(then, digests));
  }

  private Digests generate(Digests digests, KeyFacts facts) {
    var digest = newDigest();
    var next =
        new Digests(
            digests.current(),
            digests.previous(),
            ApiKeyGenerator.digest(digest, now),
            digests.trigger());
    store(facts.key(), report(facts, next));
    secrets.put(
        NamespacedName.of(facts.key()),
        new Delivered(
            Set.of(facts.key().getMetadata().getUid()),
            Map.of(KeyFacts.secretKey(facts.key()), digest)));
    return Replacement.promote(next, facts.key().getSpec().rotation(), now);
  }

  private ApiKeyStatus report(KeyFacts facts, Digests digests) {
    var before = facts.status().map(ApiKeyStatus::conditions).orElse(null);
    return new KeyReport(
            facts,
            digests,
            DeliveryRules.check(facts),
            Enforcement.UNKNOWN,
            new Conditions(before, facts.key().getMetadata().getGeneration(), now))
        .status();
  }

  private KeyFacts facts(ApiKey key, Digests digests) {
    var foreignSecret = key.getMetadata().getName().equals("k5");
    return new KeyFacts(
        key,
        keyring.verdict(digests.in(key)),
        Optional.ofNullable(secrets.get(NamespacedName.of(key))),
        foreignSecret,
        Optional.empty(),
        Optional.empty(),
        now);
  }

  private void store(ApiKey key, ApiKeyStatus status) {
    if (!status.equals(key.getStatus())) {
      var stored = copy(key);
      stored.setStatus(status);
      put(stored);
    }
  }

  private void put(ApiKey key) {
    keys.put(NamespacedName.of(key), key);
    queue.addAll(keyring.put(key));
  }

  private void change(ApiKey key) {
    put(key);
    queue.add(NamespacedName.of(key));
  }

  private void setKey() {
    var namespace = one(NAMESPACES);
    var name = "k" + random.nextInt(6);
    var before = keys.get(new NamespacedName(namespace, name));
    if (before != null && before.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    var given = before == null ? random.nextBoolean() : before.getSpec().digest() != null;
    var key = Given.key(namespace, name, spec(given, before));
    key.getMetadata().setUid("uid-" + namespace + "-" + name);
    if (before == null) {
      key.getMetadata().setCreationTimestamp("2027-02-0" + (1 + random.nextInt(9)) + "T00:00:00Z");
    } else {
      var generation = before.getMetadata().getGeneration() + 1;
      key.setMetadata(
          new ObjectMetaBuilder(before.getMetadata()).withGeneration(generation).build());
      key.setStatus(before.getStatus());
    }
    change(key);
  }

  private String spec(boolean given, @Nullable ApiKey before) {
    var spec = new StringBuilder();
    spec.append("instanceRef: {name: ").append(chance(85) ? "tiles" : "other");
    spec.append(", namespace: maps}\n");
    spec.append("scopes: [")
        .append(one("tiles", "fonts, tiles", "routing", "admin", "tiles"))
        .append("]\n");
    if (chance(35)) {
      spec.append("originPolicyRefs: [")
          .append(one("{name: site}", "{name: app}", "{name: app}, {name: site}"))
          .append("]\n");
    }
    if (chance(30)) {
      spec.append("rateLimit: {requestsPerSecond: ").append(random.nextInt(1, 90)).append("}\n");
    }
    if (chance(25)) {
      spec.append(
          chance(50)
              ? "ttl: " + random.nextInt(20, 40) + "d\n"
              : "expiresAt: \"" + now.plus(Duration.ofHours(random.nextInt(-9, 99))) + "\"\n");
    }
    if (chance(12)) {
      spec.append("revoked: true\n");
    }
    if (given) {
      spec.append("digest: \"").append(digest(before)).append("\"\n");
    } else if (chance(50)) {
      spec.append("rotation: {trigger: ").append(one("a", "b")).append(", grace: 12h}\n");
    } else if (chance(30)) {
      spec.append("rotation: {every: 2d}\nsecret: {onLoss: Rotate}\n");
    }
    return spec.toString();
  }

  /** Often one that another key has, had, or would be called like in logs. */
  private String digest(@Nullable ApiKey before) {
    if (before != null) {
      return String.valueOf(before.getSpec().digest());
    }
    if (digests.isEmpty() || chance(30)) {
      return newDigest();
    }
    var known = one(digests);
    return chance(80) ? known : known.substring(0, 62) + "ee";
  }

  private String newDigest() {
    var digest = "%06x".formatted(++made) + "0".repeat(58);
    digests.add(digest);
    return digest;
  }

  private void delete(ApiKey key) {
    var id = NamespacedName.of(key);
    keys.remove(id);
    secrets.remove(id);
    queue.addAll(keyring.remove(id));
  }

  private void annotate(ApiKey key) {
    var changed = copy(key);
    changed
        .getMetadata()
        .setAnnotations(
            switch (random.nextInt(3)) {
              case 0 -> Map.of();
              case 1 -> Map.of(Labels.CUT_DIGESTS, RevokedDigests.UNREAD);
              default -> digests.isEmpty() ? Map.of() : Map.of(Labels.CUT_DIGESTS, one(digests));
            });
    change(changed);
  }

  private void beginDeletion(ApiKey key) {
    if (chance(30)) {
      var changed = copy(key);
      changed.getMetadata().setDeletionTimestamp(now.toString());
      change(changed);
    }
  }

  private void loseSecret(ApiKey key) {
    secrets.remove(NamespacedName.of(key));
    queue.add(NamespacedName.of(key));
  }

  private void setInstance(String name) {
    var id = new NamespacedName("maps", name);
    if (chance(20)) {
      instances.remove(id);
      keyring.close(id);
    } else {
      var access =
          one(
              "access: {allowedNamespaces: [{namespace: web}]}",
              "access: {defaultRateLimit: {requestsPerSecond: 7}}",
              "access: {allowedNamespaces: [{namespace: web, maxKeys: 2}, {namespace: shop, scopes: [tiles, admin], maxRequestsPerSecond: 20}]}",
              "access: {allowedNamespaces: [{namespaceLabels: {tier: gold}, maxKeys: 3}]}",
              "");
      var instance = Given.instance(name, Given.SMALLEST + access);
      instances.put(id, instance);
      var _ = keyring.open(instance);
    }
    queue.addAll(ids(key -> Keyring.instanceOf(key).equals(id)));
  }

  private void setPolicy(String policy) {
    var slash = policy.indexOf('/');
    var namespace = policy.substring(0, slash);
    var name = policy.substring(slash + 1);
    if (chance(25)) {
      policies.remove(policy);
    } else {
      var made =
          Given.policy(
              name,
              chance(25)
                  ? "origins: [\"https://www.example.com:99999\"]"
                  : "origins: [\"https://" + one("a", "b") + ".example.com\"]");
      made.getMetadata().setNamespace(namespace);
      made.getMetadata().setUid("uid-" + policy);
      made.getMetadata().setGeneration((long) ++this.made);
      policies.put(policy, made);
    }
    keyring.policyChanged(namespace, name);
    keysWith(namespace, name).forEach(key -> queue.add(NamespacedName.of(key)));
  }

  private void setLabels(String namespace) {
    labels.put(namespace, chance(50) ? Map.of("tier", "gold") : Map.of());
    queue.addAll(keyring.namespaceChanged(namespace));
  }

  /** Sometimes back. */
  private void passTime() {
    now = now.plus(Duration.ofMinutes(random.nextInt(-300, 3_000)));
    queue.addAll(keys.keySet());
  }

  private Optional<ApiKey> existing() {
    return keys.isEmpty() ? Optional.empty() : Optional.of(one(List.copyOf(keys.values())));
  }

  private List<NamespacedName> ids(Predicate<ApiKey> of) {
    return keys.values().stream().filter(of).map(NamespacedName::of).toList();
  }

  private static ApiKey copy(ApiKey key) {
    var copy = new ApiKey();
    copy.setMetadata(new ObjectMetaBuilder(key.getMetadata()).build());
    copy.setSpec(key.getSpec());
    copy.setStatus(key.getStatus());
    return copy;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Override
  public Optional<MapwrightInstance> instance(NamespacedName id) {
    return Optional.ofNullable(instances.get(id));
  }

  @Override
  public Optional<OriginPolicy> policy(String namespace, String name) {
    return Optional.ofNullable(policies.get(namespace + "/" + name));
  }

  @Override
  public List<ApiKey> keysOf(NamespacedName instance) {
    return keys.values().stream().filter(k -> Keyring.instanceOf(k).equals(instance)).toList();
  }

  @Override
  public List<ApiKey> keysWith(String namespace, String policy) {
    return keys.values().stream()
        .filter(k -> k.getMetadata().getNamespace().equals(namespace))
        .filter(k -> NamedPolicies.names(k).contains(policy))
        .toList();
  }

  @Override
  public Optional<ApiKey> key(NamespacedName id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    return labels.getOrDefault(namespace, Map.of());
  }
}
