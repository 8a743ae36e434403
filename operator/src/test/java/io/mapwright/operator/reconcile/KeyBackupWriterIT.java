package io.mapwright.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.MapwrightOperator;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.kube.ApiServer;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.KeyShard;
import io.mapwright.operator.status.ConditionType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What backups read of the keys: the Secrets, as the API server has them. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyBackupWriterIT {
  private final Cluster cluster;
  private final MapwrightOperator operator;

  KeyBackupWriterIT(ApiServer.Running server) {
    cluster = new Cluster(server.admin(), server.namespace("ledger"));
    operator = Cluster.operator(server.client(), cluster.namespace);
  }

  @AfterAll
  void stop() {
    operator.close();
  }

  @Test
  void everyChangeOfAKeyIsWrittenDown() {
    cluster.backedUp("kept", "");
    cluster.policy("site", "origins: [\"https://www.example.com\"]\n");
    cluster.key(
        "web", "instanceRef: {name: kept}\nscopes: [tiles]\noriginPolicyRefs: [{name: site}]\n");
    var made = digest("web");
    var first = written("kept", record -> record.digest().equals(made));
    assertThat(first.namespace()).as("its own is not named").isNull();
    assertThat(first.spec().expiresAt()).isNull();
    assertThat(first.policies()).containsOnlyKeys("site");

    cluster.patch(
        OriginPolicy.class, "site", "{\"spec\":{\"origins\":[\"https://b.example.com\"]}}");
    written(
        "kept",
        record ->
            record.policies().containsKey("site")
                && record
                    .policies()
                    .get("site")
                    .origins()
                    .equals(List.of("https://b.example.com")));

    cluster.patch(
        ApiKey.class, "web", "{\"spec\":{\"rotation\":{\"trigger\":\"a\",\"grace\":\"1h\"}}}");
    var former =
        written(
            "kept", record -> record.digest().equals(made) && record.spec().expiresAt() != null);
    assertThat(former.name()).isEqualTo("web-previous");
    written("kept", record -> record.name().equals("web") && !record.digest().equals(made));

    var last = digest("web");
    cluster.patch(ApiKey.class, "web", "{\"spec\":{\"revoked\":true}}");
    var cut = written("kept", record -> record.digest().equals(last) && record.revoked());
    assertThat(cut.cutDigests()).as("the former one stays cut as well").contains(made);

    cluster.delete(ApiKey.class, "web");
    await("the record goes with its key")
        .atMost(Cluster.PATIENCE)
        .until(() -> records("kept").stream().noneMatch(record -> record.name().startsWith("web")));
  }

  @Test
  void secretOfSomebodyElseIsLeftAloneAndTold() {
    var number = KeyShard.of(cluster.namespace, "lost");
    var name = Names.keyringShard("mine", number);
    cluster.foreign(name, "theirs");
    cluster.backedUp("mine", "");
    cluster.key("lost", "instanceRef: {name: mine}\nscopes: [tiles]\n");
    var told = cluster.untilInstance("mine", ConditionType.BackupHealthy, "KeysNotBackedUp");
    assertThat(Cluster.condition(told, ConditionType.BackupHealthy).getMessage())
        .contains("Secret " + name)
        .contains("rename or delete it");
    assertThat(cluster.get(Secret.class, name).getData()).containsOnlyKeys("theirs");

    cluster.delete(Secret.class, name);
    var digest = digest("lost");
    written("mine", record -> record.digest().equals(digest));
    cluster.untilInstance("mine", ConditionType.BackupHealthy, "NeverBackedUp");
  }

  @Test
  void instanceWithoutBackupsHasNoSuchSecrets() {
    cluster.certificate("plain-own-tls", "plain.example.com");
    cluster.instance(
        "plain",
        """
        hosts: [plain.example.com]
        server: {image: "maps:1", volume: {size: 1Gi}}
        tls: {secretName: plain-own-tls}
        """);
    cluster.key("free", "instanceRef: {name: plain}\nscopes: [tiles]\n");
    assertThat(digest("free")).isNotEmpty();
    cluster.patch(
        MapwrightInstance.class,
        "plain",
        "{\"spec\":{\"backup\":{\"schedule\":\"0 3 * * *\",\"repository\":{\"volume\":{\"size\":\"1Gi\"}}}}}");
    var digest = digest("free");
    written("plain", record -> record.digest().equals(digest));
  }

  /** The digest that the key opens with now. */
  private String digest(String key) {
    return current(
            cluster.until(
                "it is made",
                ApiKey.class,
                key,
                now -> current(now).filter(d -> d.sha256() != null).isPresent()))
        .map(KeyDigest::sha256)
        .orElseThrow();
  }

  private static Optional<KeyDigest> current(ApiKey key) {
    return Optional.ofNullable(key.getStatus()).map(status -> status.current());
  }

  private KeyRecord written(String instance, Predicate<KeyRecord> which) {
    return await("a record of " + instance)
        .atMost(Cluster.PATIENCE)
        .until(() -> records(instance).stream().filter(which).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private List<KeyRecord> records(String instance) {
    var records = new ArrayList<KeyRecord>();
    IntStream.range(0, KeyShard.COUNT)
        .mapToObj(number -> cluster.get(Secret.class, Names.keyringShard(instance, number)))
        .filter(secret -> secret != null && secret.getData().containsKey(KeyBackupWriter.FILE))
        .map(secret -> Base64.getDecoder().decode(secret.getData().get(KeyBackupWriter.FILE)))
        .forEach(file -> {
          try {
            KeyShard.decode(file, records::add);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return records;
  }
}
