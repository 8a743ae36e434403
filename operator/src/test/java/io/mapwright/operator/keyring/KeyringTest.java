package io.mapwright.operator.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.table.LiveTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
  private static final NamespacedName TILES = new NamespacedName("maps", "tiles");
  private static final String OPEN =
      Given.SMALLEST + "access: {allowedNamespaces: [{namespace: web}]}";

  /** What the informers would hold. */
  private static final class Cluster implements Keyring.Lookups {
    /** Each compilation of a key asks for its instance. */
    private int instancesAskedFor;

    private final Map<NamespacedName, MapwrightInstance> instances = new LinkedHashMap<>();
    private final Map<String, OriginPolicy> policies = new LinkedHashMap<>();
    private final Map<NamespacedName, ApiKey> keys = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> labels = new LinkedHashMap<>();

    @Override
    public Optional<MapwrightInstance> instance(NamespacedName id) {
      instancesAskedFor++;
      return Optional.ofNullable(instances.get(id));
    }

    @Override
    public Optional<OriginPolicy> policy(String namespace, String name) {
      return namespace.equals("maps") ? Optional.ofNullable(policies.get(name)) : Optional.empty();
    }

    @Override
    public List<ApiKey> keysOf(NamespacedName instance) {
      return keys.values().stream().filter(k -> Keyring.instanceOf(k).equals(instance)).toList();
    }

    @Override
    public List<ApiKey> keysWith(String namespace, String policy) {
      return keys.values().stream().filter(k -> NamedPolicies.names(k).contains(policy)).toList();
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return labels.getOrDefault(namespace, Map.of());
    }

    @Override
    public Optional<ApiKey> key(NamespacedName id) {
      return Optional.ofNullable(keys.get(id));
    }
  }

  private final Cluster cluster = new Cluster();
  private final List<NamespacedName> failures = new ArrayList<>();
  private final Keyring keyring = new Keyring(cluster, (key, _) -> failures.add(key));

  @BeforeEach
  void openInstance() {
    setInstance(OPEN, 1);
  }

  @Test
  void mintedKeyIsInTheTableAndAKeyInTheMakingIsNot() {
    put(key("a", ""));
    assertThat(size()).isZero();
    put(minted(key("a", ""), "1"));
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void keyThatDoesNotCompileIsDeniedAndReported() {
    put(minted(key("a", ""), "1"));
    assertThat(failures).isEmpty();
    put(minted(key("a", ""), "x"));
    assertThat(size()).isZero();
    assertThat(failures).containsExactly(new NamespacedName("maps", "a"));
  }

  @Test
  void everyDigestThatCountsIsInTheTable() {
    var key = key("a", "");
    key.setStatus(status(KeyState.Rotating, digest("1"), digest("2"), digest("3")));
    put(key);
    assertThat(size()).isEqualTo(3);
  }

  @Test
  void keyThatDoesNotChangeWakesNoGateway() {
    put(minted(key("a", ""), "1"));
    var before = generation();
    put(minted(key("a", ""), "1"));
    assertThat(generation()).isEqualTo(before);
  }

  @Test
  void oneChangedKeyTouchesItsOwnEntryOnly() {
    for (var i = 1; i <= 9; i++) {
      put(minted(key("k" + i, ""), String.valueOf(i)));
    }
    var others = enforcedFrom("k1");
    put(minted(key("k9", "rateLimit: {requestsPerSecond: 7}"), "9"));
    assertThat(enforcedFrom("k1")).isEqualTo(others);
    assertThat(enforcedFrom("k9")).isGreaterThan(others);
    assertThat(size()).isEqualTo(9);
  }

  @Test
  void revokedExpiredAndDeletedKeysAreTakenOut() {
    put(minted(key("a", ""), "1"));
    put(minted(key("a", "revoked: true"), "1"));
    assertThat(size()).isZero();

    put(minted(key("b", ""), "2"));
    var expired = key("b", "");
    expired.setStatus(status(KeyState.Expired, digest("2"), null, null));
    put(expired);
    assertThat(size()).isZero();

    put(minted(key("c", ""), "3"));
    var deleting = minted(key("c", ""), "3");
    deleting.getMetadata().setDeletionTimestamp("2027-03-01T00:00:00Z");
    put(deleting);
    assertThat(size()).isZero();

    put(minted(key("d", ""), "4"));
    remove("d");
    assertThat(size()).isZero();
  }

  @Test
  void namespaceThatIsNoLongerAdmittedLosesItsKeys() {
    put(minted(foreignKey("w"), "1"));
    put(minted(key("a", ""), "2"));
    assertThat(size()).isEqualTo(2);
    setInstance(Given.SMALLEST, 2);
    assertThat(size()).isEqualTo(1);
    setInstance(OPEN, 3);
    assertThat(size()).isEqualTo(2);
  }

  @Test
  void changedDefaultLimitReachesKeysWithoutALimitOfTheirOwn() {
    put(minted(key("a", ""), "1"));
    put(minted(key("b", "rateLimit: {requestsPerSecond: 7}"), "2"));
    var a = enforcedFrom("a");
    var b = enforcedFrom("b");
    setInstance(
        OPEN.replace("access: {", "access: {defaultRateLimit: {requestsPerSecond: 3}, "), 2);
    assertThat(enforcedFrom("a")).isGreaterThan(a);
    assertThat(enforcedFrom("b")).isEqualTo(b);
  }

  @Test
  void danglingPolicyDeniesUntilItIsThere() {
    var key = minted(key("a", "originPolicyRefs: [{name: site}]"), "1");
    put(key);
    assertThat(size()).isZero();
    setPolicy("origins: [\"https://www.example.com\"]", 1);
    assertThat(size()).isEqualTo(1);
    cluster.policies.clear();
    keyring.policyChanged("maps", "site");
    assertThat(size()).isZero();
  }

  @Test
  void originThatCanNotBeComparedDenies() {
    setPolicy("origins: [\"https://www.example.com\"]", 1);
    put(minted(key("a", "originPolicyRefs: [{name: site}]"), "1"));
    assertThat(size()).isEqualTo(1);
    setPolicy("origins: [\"https://www.example.com:99999\"]", 2);
    assertThat(size()).isZero();
  }

  @Test
  void originsAreOneEntryEachHoweverManyKeysShareThem() {
    setPolicy("origins: [\"https://a.example.com\", \"https://b.example.com\"]", 1);
    for (var i = 1; i <= 5; i++) {
      put(minted(key("k" + i, "originPolicyRefs: [{name: site}]"), String.valueOf(i)));
    }
    assertThat(live()).isEqualTo(5 + 2);
    setPolicy("origins: [\"https://a.example.com\"]", 2);
    assertThat(live()).isEqualTo(5 + 1);
    for (var i = 1; i <= 5; i++) {
      remove("k" + i);
    }
    assertThat(live()).as("the last user takes the origins away").isZero();
  }

  @Test
  void originsOfAKeyThatWasNeverMadeDoNotStay() {
    setPolicy("origins: [\"https://a.example.com\"]", 1);
    put(key("a", "originPolicyRefs: [{name: site}]"));
    remove("a");
    assertThat(live()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void olderOfTwoKeysWithOneDigestKeepsItWhicheverIsSeenFirst(boolean olderFirst) {
    var older = given("older", "2027-01-01T00:00:00Z", "routing");
    var younger = given("younger", "2027-01-02T00:00:00Z", "tiles");
    put(olderFirst ? older : younger);
    put(olderFirst ? younger : older);
    assertThat(entries()).singleElement().asString().contains("|104|");
    assertThat(keyring.enforcedFrom(older)).isPresent();
  }

  @Test
  void digestPassesToTheYoungerKeyWhenTheOlderGoes() {
    put(given("older", "2027-01-01T00:00:00Z", "routing"));
    put(given("younger", "2027-01-02T00:00:00Z", "tiles"));
    remove("older");
    assertThat(entries()).singleElement().asString().contains("|97|");
  }

  @Test
  void digestPassesToTheYoungerKeyWhenTheOlderGivesAnother() {
    put(given("older", "2027-01-01T00:00:00Z", "routing"));
    put(given("younger", "2027-01-02T00:00:00Z", "tiles"));
    var changed = given("older", "2027-01-01T00:00:00Z", "routing");
    changed.setSpec(
        Given.key(
                "maps",
                "older",
                "instanceRef: {name: tiles}\nscopes: [routing]\ndigest: \"" + "e".repeat(64) + "\"")
            .getSpec());
    put(changed);
    assertThat(entries()).hasSize(2);
  }

  @Test
  void digestOfARevokedKeyOpensForNobodyAgain() {
    var leaked = "d".repeat(64);
    var revoked = key("a", "revoked: true");
    revoked.setStatus(retired(KeyState.Revoked, null, leaked));
    put(given("copy", "2020-01-01T00:00:00Z", "tiles"));
    assertThat(size()).isEqualTo(1);
    put(revoked);
    assertThat(size()).as("not for an older object either").isZero();
    var again = key("a", "digest: " + leaked);
    again.setStatus(retired(KeyState.Active, null, leaked));
    put(again);
    assertThat(size()).as("nor for the key itself").isZero();
    remove("a");
    assertThat(size()).as("it is free when its object is gone").isEqualTo(1);
  }

  @Test
  void digestThatARestoreBroughtAlongAsCutOpensForNobody() {
    put(given("copy", "2020-01-01T00:00:00Z", "tiles"));
    assertThat(size()).isEqualTo(1);
    var restored = key("a", "digest: " + "c".repeat(64));
    restored
        .getMetadata()
        .setAnnotations(Map.of("mapwright.io/cut-digests", "b".repeat(64) + "," + "d".repeat(64)));
    put(restored);
    assertThat(opened()).containsExactly("a");
  }

  @Test
  void digestThatIsGivenAndRevokedCutsTheKeyThatHasIt() {
    var key = key("a", "");
    key.setStatus(status(KeyState.Rotating, digest("d"), digest("2"), null));
    put(key);
    assertThat(size()).isEqualTo(2);
    var cut = given("cut", "2028-01-01T00:00:00Z", "tiles");
    cut.setSpec(key("cut", "revoked: true\ndigest: " + "d".repeat(64)).getSpec());
    put(cut);
    assertThat(size()).as("its other digest goes on").isEqualTo(1);
    remove("cut");
    assertThat(size()).isEqualTo(2);
  }

  @Test
  void strangersCanNotCutADigest() {
    setInstance(Given.SMALLEST, 2);
    put(minted(key("a", ""), "d"));
    put(
        Given.key(
            "web",
            "cut",
            "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]\nrevoked: true\ndigest: "
                + "d".repeat(64)));
    put(
        Given.key(
            "maps",
            "elsewhere",
            "instanceRef: {name: other}\nscopes: [tiles]\nrevoked: true\ndigest: "
                + "d".repeat(64)));
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void strangersNeitherHoldNorCutADigestWhateverTheirStatusSays() {
    setInstance(Given.SMALLEST, 2);
    put(minted(key("a", ""), "d"));
    var unadmitted = minted(foreignKey("older"), "d");
    unadmitted.getMetadata().setCreationTimestamp("2020-01-01T00:00:00Z");
    put(unadmitted);
    var cutting = foreignKey("cutting");
    cutting.setStatus(retired(KeyState.Revoked, null, "d".repeat(64)));
    put(cutting);
    var elsewhere = Given.key("maps", "b", "instanceRef: {name: other}\nscopes: [tiles]");
    elsewhere.setStatus(retired(KeyState.Revoked, null, "d".repeat(64)));
    put(elsewhere);
    assertThat(size()).isEqualTo(1);
    assertThat(keyring.verdict(minted(key("a", ""), "d")).refusals()).isEmpty();
  }

  @Test
  void oldestKeysOfAGuestKeepWorkingAndTheNextOneTakesAFreePlace() {
    setInstance(OPEN.replace("web}", "web, maxKeys: 2}"), 2);
    var keys =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> {
              var key = minted(foreignKey("w" + i), String.valueOf(i));
              key.getMetadata().setCreationTimestamp("2027-01-0%dT00:00:00Z".formatted(i));
              return key;
            })
            .toList();
    // The newest first: what was there keeps nothing from those that are older.
    keys.reversed().forEach(this::put);
    assertThat(opened()).containsExactlyInAnyOrder("w1", "w2");
    assertThat(tooMany(keys.get(2))).isTrue();
    put(minted(key("own", ""), "5"));
    assertThat(opened()).as("the host is not counted").contains("own");

    var gone = NamespacedName.of(keys.getFirst());
    cluster.keys.remove(gone);
    assertThat(keyring.remove(gone)).containsExactly(NamespacedName.of(keys.get(2)));
    assertThat(opened()).containsExactlyInAnyOrder("w2", "w3", "own");
    var revoked = minted(foreignKey("w2"), "2");
    revoked.getMetadata().setCreationTimestamp("2027-01-02T00:00:00Z");
    revoked.setSpec(
        Given.key(
                "web",
                "w2",
                "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]\nrevoked: true")
            .getSpec());
    put(revoked);
    assertThat(opened()).containsExactlyInAnyOrder("w3", "w4", "own");
    setInstance(OPEN.replace("web}", "web, maxKeys: 1}"), 3);
    assertThat(opened()).containsExactlyInAnyOrder("w3", "own");
  }

  @Test
  void guestIsChosenByTheLabelsThatItsNamespaceHasNow() {
    setInstance(
        Given.SMALLEST
            + "access: {allowedNamespaces: [{namespaceLabels: {team: maps, tier: gold}}]}",
        2);
    put(minted(foreignKey("w"), "1"));
    put(minted(key("a", ""), "2"));
    assertThat(size()).isEqualTo(1);
    cluster.labels.put("web", Map.of("team", "maps"));
    assertThat(keyring.namespaceChanged("web")).isEmpty();
    cluster.labels.put("web", Map.of("team", "maps", "tier", "gold", "more", "yes"));
    assertThat(keyring.namespaceChanged("web")).containsExactly(new NamespacedName("web", "w"));
    assertThat(size()).isEqualTo(2);
    cluster.labels.clear();
    assertThat(keyring.namespaceChanged("web")).containsExactly(new NamespacedName("web", "w"));
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void firstEntryThatFitsANamespaceCounts() {
    cluster.labels.put("web", Map.of("team", "maps"));
    setInstance(
        Given.SMALLEST
            + "access: {allowedNamespaces: [{namespace: web, scopes: [fonts]}, {namespaceLabels: {team: maps}}]}",
        2);
    put(minted(foreignKey("w"), "1"));
    assertThat(size()).isZero();
  }

  private List<String> opened() {
    return cluster.keys.keySet().stream()
        .filter(id -> !keyring.entriesOf(id).entries().isEmpty())
        .map(NamespacedName::name)
        .toList();
  }

  private boolean tooMany(ApiKey key) {
    return keyring
        .verdict(key)
        .problem()
        .filter(problem -> problem.reason() == Reason.TooManyKeys)
        .isPresent();
  }

  @Test
  void putNamesTheOtherKeysWhoseAnswerChanged() {
    put(given("younger", "2027-01-02T00:00:00Z", "tiles"));
    var older = given("older", "2027-01-01T00:00:00Z", "routing");
    cluster.keys.put(NamespacedName.of(older), older);
    assertThat(keyring.put(older)).containsExactly(new NamespacedName("maps", "younger"));
    assertThat(keyring.put(older)).isEmpty();
    cluster.keys.remove(NamespacedName.of(older));
    assertThat(keyring.remove(NamespacedName.of(older)))
        .containsExactly(new NamespacedName("maps", "younger"));
  }

  @Test
  void keysWithOneDigestCostNoMoreThanKeysWithTheirOwn() {
    var distinct = work(i -> "%064x".formatted(i + 1));
    var same = work(_ -> "d".repeat(64));
    assertThat(same).isLessThanOrEqualTo(2 * distinct);
  }

  /** How often an instance is asked for: at the opening, and for one change of each key. */
  private int work(IntFunction<String> digest) {
    keyring.close(TILES);
    cluster.keys.clear();
    var keys =
        IntStream.range(0, 2_000)
            .mapToObj(i -> {
              var key = key("k" + i, "digest: " + digest.apply(i));
              key.getMetadata().setCreationTimestamp("2027-01-01T%06d".formatted(i));
              return key;
            })
            .toList();
    keys.forEach(key -> cluster.keys.put(NamespacedName.of(key), key));
    cluster.instancesAskedFor = 0;
    setInstance(OPEN, 1);
    keys.forEach(this::put);
    keys.forEach(key -> remove(key.getMetadata().getName()));
    assertThat(size()).isZero();
    return cluster.instancesAskedFor;
  }

  private static ApiKeyStatus retired(
      KeyState state, @Nullable KeyDigest current, String... retired) {
    return new ApiKeyStatus(
        1L,
        state,
        null,
        null,
        current,
        null,
        null,
        List.of(retired),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void keyThatMovesToAnotherInstanceLeavesTheFirst() {
    put(minted(key("a", ""), "1"));
    var moved = minted(Given.key("maps", "a", "instanceRef: {name: other}\nscopes: [tiles]"), "1");
    put(moved);
    assertThat(size()).isZero();
  }

  @Test
  void instanceThatIsOpenedLateHasAllItsKeys() {
    keyring.close(TILES);
    put(minted(key("a", ""), "1"));
    put(minted(key("b", ""), "2"));
    assertThat(size()).isZero();
    setInstance(OPEN, 1);
    assertThat(size()).isEqualTo(2);
    assertThat(table().isComplete()).isTrue();
  }

  @Test
  void stateThatTheWatchHasNotBroughtIsNotCalledEnforced() {
    put(minted(key("a", ""), "1"));
    assertThat(keyring.enforcedFrom(minted(key("a", "rateLimit: {requestsPerSecond: 7}"), "1")))
        .isEmpty();
    assertThat(keyring.enforcedFrom(minted(key("unknown", ""), "2"))).isEmpty();
  }

  private void setInstance(String spec, long generation) {
    var instance = Given.instance(spec);
    instance.getMetadata().setGeneration(generation);
    cluster.instances.put(TILES, instance);
    keyring.open(instance);
  }

  private void setPolicy(String spec, long generation) {
    var policy = Given.policy("site", spec);
    policy.getMetadata().setGeneration(generation);
    cluster.policies.put("site", policy);
    keyring.policyChanged("maps", "site");
  }

  private void put(ApiKey key) {
    cluster.keys.put(NamespacedName.of(key), key);
    keyring.put(key);
  }

  private void remove(String name) {
    var id = new NamespacedName("maps", name);
    cluster.keys.remove(id);
    keyring.remove(id);
  }

  private LiveTable table() {
    return keyring.open(Objects.requireNonNull(cluster.instances.get(TILES)));
  }

  private int size() {
    return keyring.size(TILES);
  }

  private int live() {
    return table().size();
  }

  private long generation() {
    return table().generation();
  }

  private long enforcedFrom(String name) {
    return keyring
        .enforcedFrom(Objects.requireNonNull(cluster.keys.get(new NamespacedName("maps", name))))
        .orElseThrow();
  }

  private List<String> entries() {
    return cluster.keys.keySet().stream()
        .flatMap(id -> keyring.entriesOf(id).entries().stream())
        .map(entry -> entry.toMapEntry().value())
        .toList();
  }

  private static ApiKey key(String name, String spec) {
    return Given.key("maps", name, "instanceRef: {name: tiles}\nscopes: [tiles]\n" + spec);
  }

  private static ApiKey foreignKey(String name) {
    return Given.key("web", name, "instanceRef: {name: tiles, namespace: maps}\nscopes: [tiles]");
  }

  private static ApiKey given(String name, String made, String scope) {
    var key =
        Given.key(
            "maps",
            name,
            "instanceRef: {name: tiles}\nscopes: ["
                + scope
                + "]\ndigest: \""
                + "d".repeat(64)
                + "\"");
    key.getMetadata().setCreationTimestamp(made);
    return key;
  }

  private static ApiKey minted(ApiKey key, String digit) {
    key.setStatus(status(KeyState.Active, digest(digit), null, null));
    return key;
  }

  private static KeyDigest digest(String digit) {
    return new KeyDigest(digit.repeat(64), "k" + digit, "2027-03-01T00:00:00Z", null);
  }

  private static ApiKeyStatus status(
      KeyState state, KeyDigest current, @Nullable KeyDigest previous, @Nullable KeyDigest next) {
    return new ApiKeyStatus(
        1L, state, null, null, current, previous, next, null, null, null, null, null, null, null,
        null, null);
  }
}
