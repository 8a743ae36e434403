package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.status.ConditionType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of keys, on a real API server. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyIT {
  private static final String TILES = "instanceRef: {name: tiles}\nscopes: [tiles]\n";

  private final Cluster cluster;
  private final Cluster web;
  private final MapwrightOperator operator;

  KeyIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("keys"));
    web = new Cluster(server.admin(), server.namespace("web"));
    operator = Cluster.operator(server.client(), cluster.namespace, web.namespace);
  }

  @BeforeAll
  void instance() {
    cluster.instance("tiles", spec("maps.example.com"));
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  private static String spec(String host) {
    return "hosts: [" + host + "]\nserver: {image: \"maps:1\"}\ntls: {secretName: own}\n";
  }

  private ApiKey until(String name, KeyState state) {
    return until(cluster, name, state);
  }

  private static ApiKey until(Cluster cluster, String name, KeyState state) {
    return cluster.until(
        "it is " + state,
        ApiKey.class,
        name,
        now -> now.getStatus() != null && now.getStatus().state() == state);
  }

  private String delivered(String secret) {
    return delivered(cluster.get(Secret.class, secret), "key");
  }

  private static String delivered(Secret secret, String entry) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(entry)), StandardCharsets.UTF_8);
  }

  private static String digest(String key) {
    return ApiKeyFormat.digest(key).toLowerCase(Locale.ROOT);
  }

  @Test
  void keyIsMintedDeliveredAndOnlyItsDigestIsKept() {
    var key = cluster.key("mint", TILES + "secret: {name: mint-here, key: token}\n");
    var status = until("mint", KeyState.Active).getStatus();
    var secret = cluster.get(Secret.class, "mint-here");
    var plain = delivered(secret, "token");
    assertThat(ApiKeyFormat.isWellFormed(plain)).isTrue();
    assertThat(status.current().sha256()).isEqualTo(digest(plain));
    assertThat(status.next()).isNull();
    assertThat(status.secretName()).isEqualTo("mint-here");
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(ref -> assertThat(ref.getUid()).isEqualTo(key.getMetadata().getUid()));
    assertThat(
            io.fabric8.kubernetes.client.utils.Serialization.asJson(
                cluster.get(ApiKey.class, "mint")))
        .doesNotContain(plain);
    for (var event :
        cluster.client.v1().events().inNamespace(cluster.namespace).list().getItems()) {
      assertThat(event.getMessage()).doesNotContain(plain);
    }
  }

  @Test
  void changedTriggerRotatesWithGrace() {
    cluster.key("rotate", TILES + "rotation: {trigger: a, grace: 3s}\n");
    var first = until("rotate", KeyState.Active).getStatus();
    var old = delivered("rotate-key");
    cluster.patch(ApiKey.class, "rotate", "{\"spec\":{\"rotation\":{\"trigger\":\"b\"}}}");
    var rotating = until("rotate", KeyState.Rotating).getStatus();
    assertThat(rotating.previous().sha256()).isEqualTo(first.current().sha256());
    assertThat(rotating.previous().notAfter()).isNotNull();
    assertThat(delivered("rotate-key")).isNotEqualTo(old);
    assertThat(rotating.current().sha256()).isEqualTo(digest(delivered("rotate-key")));
    var settled = until("rotate", KeyState.Active).getStatus();
    assertThat(settled.previous()).isNull();
    assertThat(settled.current()).isEqualTo(rotating.current());
  }

  @Test
  void keyEndsAfterItsTimeToLive() {
    cluster.key("ttl", TILES + "ttl: 4s\n");
    until("ttl", KeyState.Active);
    var status = until("ttl", KeyState.Expired).getStatus();
    assertThat(status.current()).isNull();
    assertThat(status.keyId()).as("its name stays, for the logs").isNotNull();
  }

  @Test
  void keyThatEndedBeforeItWasMadeIsNotMade() {
    cluster.key("past", TILES + "expiresAt: \"2024-01-01T00:00:00Z\"\n");
    until("past", KeyState.Expired);
    assertThat(cluster.exists(Secret.class, "past-key")).isFalse();
  }

  @Test
  void revokedKeyIsCutAndComesBackAsAnother() {
    cluster.key("revoke", TILES);
    until("revoke", KeyState.Active);
    var old = delivered("revoke-key");
    cluster.patch(ApiKey.class, "revoke", "{\"spec\":{\"revoked\":true}}");
    var status = until("revoke", KeyState.Revoked).getStatus();
    assertThat(status.current()).isNull();
    assertThat(status.previous()).isNull();
    cluster.patch(ApiKey.class, "revoke", "{\"spec\":{\"revoked\":false}}");
    until("revoke", KeyState.Active);
    assertThat(delivered("revoke-key")).isNotEqualTo(old);
  }

  @Test
  void olderOfTwoKeysKeepsTheDeliverySecret() throws InterruptedException {
    cluster.key("older", TILES + "secret: {name: shared}\n");
    until("older", KeyState.Active);
    var content = cluster.get(Secret.class, "shared");
    // Objects of one second are ordered by their ids.
    Thread.sleep(1100);
    cluster.key("younger", TILES + "secret: {name: shared}\n");
    cluster.untilKey("younger", ConditionType.Accepted, "SecretConflict");
    assertThat(cluster.get(ApiKey.class, "younger").getStatus().state()).isEqualTo(KeyState.Denied);
    assertThat(cluster.get(Secret.class, "shared")).isEqualTo(content);
  }

  @Test
  void secretOfSomebodyElseIsLeftAloneUntilItIsGone() {
    var foreign = cluster.foreign("theirs", "key");
    cluster.key("clash", TILES + "secret: {name: theirs}\n");
    cluster.untilKey("clash", ConditionType.Accepted, "NameClash");
    assertThat(cluster.get(Secret.class, "theirs")).isEqualTo(foreign);
    cluster.delete(Secret.class, "theirs");
    touch("clash");
    until("clash", KeyState.Active);
  }

  /** Spares the wait until the operator checks again by itself. */
  private void touch(String key) {
    cluster.patch(ApiKey.class, key, "{\"spec\":{\"ttl\":\"30d\"}}");
  }

  @Test
  void workingKeyThatCanNotBeDeliveredAnewGoesOnWorking() {
    cluster.key("move", TILES + "rotation: {trigger: a}\n");
    var before = until("move", KeyState.Active).getStatus().current();
    var foreign = cluster.foreign("move-theirs", "key");
    cluster.patch(
        ApiKey.class,
        "move",
        "{\"spec\":{\"secret\":{\"name\":\"move-theirs\"},\"rotation\":{\"trigger\":\"b\"}}}");
    var status = cluster.untilKey("move", ConditionType.Accepted, "NameClash").getStatus();
    assertThat(status.state()).isEqualTo(KeyState.Active);
    assertThat(status.current()).isEqualTo(before);
    assertThat(cluster.get(Secret.class, "move-theirs")).isEqualTo(foreign);
  }

  @Test
  void keyWhoseSecretIsRefusedGoesOnWorkingAndIsNotMadeAgainAndAgain() throws InterruptedException {
    cluster.key("stuck", TILES + "rotation: {trigger: a}\n");
    var before = until("stuck", KeyState.Active).getStatus().current();
    cluster.patch(Secret.class, "stuck-key", "{\"immutable\":true}");
    cluster.patch(ApiKey.class, "stuck", "{\"spec\":{\"rotation\":{\"trigger\":\"b\"}}}");
    var refused = cluster.untilKey("stuck", ConditionType.Delivered, "SecretRefused");
    Thread.sleep(8_000);
    var later = cluster.get(ApiKey.class, "stuck");
    assertThat(later.getMetadata().getResourceVersion())
        .as("nothing is written meanwhile")
        .isEqualTo(refused.getMetadata().getResourceVersion());
    assertThat(later.getStatus().state()).isEqualTo(KeyState.Active);
    assertThat(later.getStatus().current()).isEqualTo(before);
    assertThat(later.getStatus().next()).isNull();
    assertThat(later.getStatus().retired()).isNullOrEmpty();
    cluster.delete(Secret.class, "stuck-key");
    touch("stuck");
    // Not for Delivered alone: what is written down before the Secret is made is about the one
    // before.
    var again =
        cluster.until(
            "another key is delivered",
            ApiKey.class,
            "stuck",
            now -> now.getStatus().current() != null && !now.getStatus().current().equals(before));
    assertThat(again.getStatus().current().sha256()).isEqualTo(digest(delivered("stuck-key")));
  }

  @Test
  void lostAndOverwrittenSecretsAreToldAndMakeNoNewKey() {
    cluster.key("lost", TILES);
    var before = until("lost", KeyState.Active).getStatus().current();
    cluster.patch(Secret.class, "lost-key", "{\"stringData\":{\"key\":\"mine\"}}");
    var changed = cluster.untilKey("lost", ConditionType.Delivered, "SecretChanged");
    assertThat(changed.getStatus().current()).isEqualTo(before);
    cluster.delete(Secret.class, "lost-key");
    var lost = cluster.untilKey("lost", ConditionType.Delivered, "SecretMissing");
    assertThat(lost.getStatus().current()).isEqualTo(before);
    cluster.patch(ApiKey.class, "lost", "{\"spec\":{\"rotation\":{\"trigger\":\"new\"}}}");
    cluster.untilKey("lost", ConditionType.Delivered, "SecretDelivered");
    assertThat(ApiKeyFormat.isWellFormed(delivered("lost-key"))).isTrue();
  }

  @Test
  void lostKeyIsReplacedOnceIfThatIsWanted() {
    cluster.key("replaced", TILES + "secret: {onLoss: Rotate}\n");
    var before = until("replaced", KeyState.Active).getStatus().current();
    cluster.delete(Secret.class, "replaced-key");
    var after = until("replaced", KeyState.Rotating).getStatus();
    assertThat(after.previous().sha256()).isEqualTo(before.sha256());
    assertThat(after.current().sha256())
        .isEqualTo(ApiKeyFormat.digest(delivered("replaced-key")).toLowerCase(Locale.ROOT));
  }

  @Test
  void keyToNothingWaitsForItsInstance() {
    cluster.key("early", "instanceRef: {name: later}\nscopes: [tiles]\n");
    cluster.untilKey("early", ConditionType.Accepted, "InstanceNotFound");
    assertThat(cluster.exists(Secret.class, "early-key")).isFalse();
    cluster.instance("later", spec("later.example.com"));
    until("early", KeyState.Active);
  }

  @Test
  void keyFromAnotherNamespaceNeedsTheInstancesConsent() {
    web.key(
        "abroad",
        "instanceRef: {name: tiles, namespace: " + cluster.namespace + "}\nscopes: [tiles]\n");
    web.untilKey("abroad", ConditionType.Accepted, "NamespaceNotAdmitted");
    assertThat(web.exists(Secret.class, "abroad-key")).isFalse();
    cluster.patch(
        MapwrightInstance.class,
        "tiles",
        "{\"spec\":{\"access\":{\"allowedNamespaces\":[{\"namespace\":\""
            + web.namespace
            + "\"}]}}}");
    until(web, "abroad", KeyState.Active);
    cluster.patch(MapwrightInstance.class, "tiles", "{\"spec\":{\"access\":null}}");
    until(web, "abroad", KeyState.Denied);
  }

  @Test
  void guestMayHaveNoMoreKeysAndScopesThanItsEntryGives() throws InterruptedException {
    cluster.instance(
        "hall",
        spec("hall.example.com")
            + "access: {allowedNamespaces: [{namespace: "
            + web.namespace
            + ", scopes: [tiles], maxKeys: 1}]}\n");
    var hall = "instanceRef: {name: hall, namespace: " + cluster.namespace + "}\nscopes: ";
    web.key("greedy", hall + "[tiles, fonts]\n");
    web.untilKey("greedy", ConditionType.Accepted, "ScopeNotAdmitted");
    assertThat(web.exists(Secret.class, "greedy-key")).isFalse();
    web.key("first", hall + "[tiles]\n");
    until(web, "first", KeyState.Active);
    Thread.sleep(1100);
    web.key("second", hall + "[tiles]\n");
    web.untilKey("second", ConditionType.Accepted, "TooManyKeys");
    web.delete(ApiKey.class, "first");
    web.untilGone(ApiKey.class, "first");
    until(web, "second", KeyState.Active);
  }

  @Test
  void guestsByLabelNeedAnOperatorThatSeesLabels() {
    cluster.instance(
        "label",
        spec("label.example.com")
            + "access: {allowedNamespaces: [{namespaceLabels: {team: web}}]}\n");
    cluster.untilInstance("label", ConditionType.Applied, "NamespaceLabelsUnknown");
  }

  @Test
  void secretOfAnInstanceIsNoPlaceForAKey() {
    // Also one that the operator is still to make, were the instance backed up.
    for (var name : List.of("tiles-control", "tiles-sessions", "tiles-keyring-0b")) {
      cluster.key("into-" + name, TILES + "secret: {name: " + name + "}\n");
      cluster.untilKey("into-" + name, ConditionType.Accepted, "SecretConflict");
    }
    assertThat(cluster.exists(Secret.class, "tiles-keyring-0b")).isFalse();
  }

  @Test
  void podsReadNoSecretOfOurs() {
    cluster.key("read", TILES);
    until("read", KeyState.Active);
    for (var name : List.of("tiles-control", "tiles-sessions", "read-key")) {
      cluster.instance(
          "reads-" + name,
          "hosts: [reads-"
              + name
              + ".example.com]\ntls: {secretName: own}\nserver: {image: \"maps:1\", envFrom: [{secretRef: {name: "
              + name
              + "}}]}\n");
      cluster.untilInstance("reads-" + name, ConditionType.Accepted, "OwnSecret");
      assertThat(cluster.exists(Deployment.class, "reads-" + name)).isFalse();
    }
  }

  @Test
  void podsThatWaitForASecretOfOursKeepItFromBeingMade() {
    cluster.certificate("waits-tls", "waits.example.com");
    cluster.instance(
        "waits",
        "hosts: [waits.example.com]\ntls: {secretName: waits-tls}\nserver: {image: \"maps:1\", envFrom: [{secretRef: {name: awaited-key}}, {secretRef: {name: awaited-control}}]}\n");
    cluster.until("it is made", Deployment.class, "waits", _ -> true);
    cluster.key("awaited", TILES);
    cluster.untilKey("awaited", ConditionType.Accepted, "SecretConflict");
    assertThat(cluster.exists(Secret.class, "awaited-key")).isFalse();
    cluster.instance("awaited", spec("waited.example.com"));
    cluster.untilInstance("awaited", ConditionType.Accepted, "OwnSecret");
    assertThat(cluster.exists(Secret.class, "awaited-control")).isFalse();
  }

  /** Passwords of repositories stay when their instance goes, and so do certificates. */
  @Test
  void secretOfAnInstanceThatIsGoneIsReadByNoPod() {
    var left =
        new SecretBuilder()
            .withNewMetadata()
            .withName("gone-backup-password")
            .withNamespace(cluster.namespace)
            .withAnnotations(Map.of(Labels.OWNER, "gone"))
            .endMetadata()
            .withStringData(Map.of("password", "x"))
            .build();
    cluster.client.resource(left).create();
    cluster.certificate("curious-tls", "curious.example.com");
    cluster.instance(
        "curious",
        "hosts: [curious.example.com]\ntls: {secretName: curious-tls}\nserver: {image: \"maps:1\", envFrom: [{secretRef: {name: gone-backup-password}}]}\n");
    cluster.untilInstance("curious", ConditionType.Accepted, "OwnSecret");
    assertThat(cluster.exists(Deployment.class, "curious")).isFalse();
  }

  @Test
  void instanceGoesOnWhenANeighbourWantsToReadItsSecret() {
    cluster.certificate("watched-tls", "watched.example.com");
    cluster.instance(
        "watched",
        "hosts: [watched.example.com]\ntls: {secretName: watched-tls}\nserver: {image: \"maps:1\"}\n");
    cluster.until("it is made", Secret.class, "watched-control", _ -> true);
    cluster.instance(
        "watcher",
        "hosts: [watcher.example.com]\ntls: {secretName: watched-tls}\nserver: {image: \"maps:1\", envFrom: [{secretRef: {name: watched-control}}]}\n");
    cluster.untilInstance("watcher", ConditionType.Accepted, "OwnSecret");
    cluster.patch(
        MapwrightInstance.class, "watched", "{\"spec\":{\"server\":{\"image\":\"maps:2\"}}}");
    cluster.untilInstance("watched", ConditionType.Accepted, "SpecValid");
  }

  @Test
  void instanceWhoseSecretIsAKeysAdoptsNothing() {
    cluster.key("first", TILES + "secret: {name: second-control}\n");
    until("first", KeyState.Active);
    var key = delivered("second-control");
    cluster.instance("second", spec("second.example.com"));
    cluster.untilInstance("second", ConditionType.Applied, "NameClash");
    assertThat(delivered("second-control")).isEqualTo(key);
    until("first", KeyState.Active);
  }

  @Test
  void restoreOfKeysWaitsForSomebodyWhoMayMakeThem() {
    cluster.instance(
        "again",
        "hosts: [again.example.com]\ntls: {secretName: own}\nserver: {image: \"maps:1\", volume: {size: 1Gi}}\nrestore: {id: once, from: {repository: {volume: {existingClaim: theirs}}, passwordSecretRef: {name: vault, key: password}}}\n");
    var waiting = cluster.untilInstance("again", ConditionType.Accepted, "RestoreNotAllowed");
    assertThat(waiting.getStatus().restore()).isNull();
    cluster.key("allows", "instanceRef: {name: again}\nscopes: [tiles]\n");
    cluster.patch(
        ApiKey.class,
        "allows",
        "{\"metadata\":{\"annotations\":{\"mapwright.io/restore-keys\":\"%s\"}}}"
            .formatted(told(waiting)));
    cluster.patch(MapwrightInstance.class, "again", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    cluster.until(
        "it begins",
        MapwrightInstance.class,
        "again",
        now -> now.getStatus() != null && now.getStatus().restore() != null);
    cluster.patch(
        MapwrightInstance.class,
        "again",
        "{\"spec\":{\"restore\":{\"from\":{\"repository\":{\"volume\":{\"existingClaim\":\"mine\"}}}}}}");
    var changed = cluster.untilInstance("again", ConditionType.Accepted, "RestoreNotAllowed");
    assertThat(told(changed)).startsWith("once.").isNotEqualTo(told(waiting));
  }

  private static String told(MapwrightInstance instance) {
    return Cluster.condition(instance, ConditionType.Accepted)
        .getMessage()
        .replaceFirst("(?s).*mapwright.io/restore-keys=([^,]+),.*", "$1");
  }

  @Test
  void danglingPolicyDeniesUntilItAppears() {
    cluster.key("policy", TILES + "originPolicyRefs: [{name: site}]\n");
    cluster.untilKey("policy", ConditionType.Accepted, "PolicyNotFound");
    assertThat(cluster.get(ApiKey.class, "policy").getStatus().state()).isEqualTo(KeyState.Denied);
    cluster.policy("site", "origins: [\"https://www.example.com\"]\n");
    until("policy", KeyState.Active);
    cluster.until(
        "its key is counted",
        OriginPolicy.class,
        "site",
        now -> now.getStatus() != null && Integer.valueOf(1).equals(now.getStatus().keys()));
    cluster.delete(OriginPolicy.class, "site");
    until("policy", KeyState.Denied);
  }

  @Test
  void olderOfTwoKeysKeepsADigest() throws InterruptedException {
    var digest = "digest: \"" + "7".repeat(64) + "\"\n";
    cluster.key("given", TILES + digest);
    until("given", KeyState.Active);
    assertThat(cluster.exists(Secret.class, "given-key")).isFalse();
    Thread.sleep(1100);
    cluster.key("copied", TILES + digest);
    cluster.untilKey("copied", ConditionType.Accepted, "DuplicateDigest");
    cluster.delete(ApiKey.class, "given");
    cluster.untilGone(ApiKey.class, "given");
    touch("copied");
    until("copied", KeyState.Active);
  }

  @Test
  void keysWithLongNamesAreDelivered() {
    for (var name : new String[] {"k".repeat(63), "k.".repeat(120) + "k", "9".repeat(253)}) {
      cluster.key(name, TILES);
      var status = until(name, KeyState.Active).getStatus();
      assertThat(cluster.exists(Secret.class, status.secretName())).isTrue();
    }
  }

  @Test
  void nothingIsWrittenAtRest() throws InterruptedException {
    cluster.key("rest", TILES + "ttl: 30d\nrotation: {every: 20d}\n");
    until("rest", KeyState.Active);
    Thread.sleep(2000);
    var key = cluster.get(ApiKey.class, "rest").getMetadata().getResourceVersion();
    var secret = cluster.get(Secret.class, "rest-key").getMetadata().getResourceVersion();
    Thread.sleep(Duration.ofSeconds(5));
    assertThat(cluster.get(ApiKey.class, "rest").getMetadata().getResourceVersion()).isEqualTo(key);
    assertThat(cluster.get(Secret.class, "rest-key").getMetadata().getResourceVersion())
        .isEqualTo(secret);
  }
}
