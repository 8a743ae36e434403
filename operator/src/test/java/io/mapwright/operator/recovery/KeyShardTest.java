package io.mapwright.operator.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.Given;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyShardTest {
  private static final String DIGEST = "ab".repeat(32);

  private static ApiKey key(String name, String more, String status) {
    var key = Given.key("maps", name, "instanceRef: {name: tiles}\nscopes: [tiles]\n" + more);
    key.setStatus(Serialization.unmarshal("---\n" + status, ApiKeyStatus.class));
    return key;
  }

  private static List<KeyRecord> records(ApiKey key, String instanceNamespace) {
    return KeyRecord.of(
        key,
        instanceNamespace,
        name -> Optional.of(Given.policy(name, "origins: [https://www.example.com]").getSpec()));
  }

  @Test
  void mintedKeyIsKeptByItsDigestWithAllThatItTakesToAcceptIt() throws IOException {
    var key =
        key(
            "website",
            "originPolicyRefs: [{name: web}]\nrotation: {every: 30d}\nrateLimit: {requestsPerSecond: 7}\n",
            "{current: {sha256: " + DIGEST + "}, expiresAt: \"2027-12-01T00:00:00Z\"}");
    var back = decode(KeyShard.encode(records(key, "maps")));
    assertThat(back).isEqualTo(records(key, "maps")).hasSize(1);
    var spec = back.getFirst().specFor("copy", null);
    assertThat(spec.digest()).isEqualTo(DIGEST);
    assertThat(spec.instanceRef().name()).isEqualTo("copy");
    assertThat(spec.expiresAt()).isEqualTo("2027-12-01T00:00:00Z");
    assertThat(spec.rotation()).isNull();
    assertThat(spec.rateLimit()).isEqualTo(key.getSpec().rateLimit());
    assertThat(back.getFirst().policies()).containsOnlyKeys("web");
    assertThat(back.getFirst().namespace()).isNull();
  }

  @Test
  void keyOfAnotherNamespaceRemembersIt() {
    var key = key("website", "", "{current: {sha256: " + DIGEST + "}}");
    assertThat(records(key, "elsewhere").getFirst().namespace()).isEqualTo("maps");
  }

  @Test
  void replacedKeyIsKeptUntilItsGraceEnds() {
    var key =
        key(
            "website",
            "",
            "{current: {sha256: %s}, previous: {sha256: %s, notAfter: \"2027-03-02T00:00:00Z\"}}"
                .formatted(DIGEST, "cd".repeat(32)));
    assertThat(records(key, "maps"))
        .extracting(KeyRecord::name, record -> record.spec().expiresAt())
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("website", null),
            org.assertj.core.api.Assertions.tuple("website-previous", "2027-03-02T00:00:00Z"));
  }

  @Test
  void revokedKeyIsKeptAsRevoked() {
    var key = key("website", "revoked: true\n", "{current: {sha256: " + DIGEST + "}}");
    assertThat(records(key, "maps").getFirst().spec().revoked()).isTrue();
  }

  @Test
  void digestsThatWereCutAreKeptWithTheKeyAlsoIfItHasNoneAnyMore() throws IOException {
    var cut = List.of("12".repeat(32), "34".repeat(32));
    var key =
        key(
            "website",
            "",
            "{current: {sha256: %s}, retired: [\"%s\", \"%s\"]}"
                .formatted(DIGEST, cut.getFirst(), cut.getLast()));
    var back = decode(KeyShard.encode(records(key, "maps")));
    assertThat(back).singleElement().extracting(KeyRecord::cutDigests).isEqualTo(cut);
    var ended =
        key(
            "ended",
            "",
            "{state: Expired, retired: [\"%s\", \"%s\"]}".formatted(cut.getFirst(), cut.getLast()));
    assertThat(records(ended, "maps"))
        .singleElement()
        .satisfies(record -> {
          assertThat(record.revoked()).isTrue();
          assertThat(record.digest()).isEqualTo(cut.getLast());
          assertThat(record.cutDigests()).containsExactly(cut.getFirst());
        });
  }

  @Test
  void keyThatHasNoDigestYetIsNotKept() {
    assertThat(records(key("website", "", "{state: Pending}"), "maps")).isEmpty();
  }

  @Test
  void sameKeysGiveTheSameBytesInWhateverOrder() {
    var a = records(key("a", "digest: " + DIGEST, "{}"), "maps").getFirst();
    var b = records(key("b", "digest: " + DIGEST, "{}"), "maps").getFirst();
    assertThat(KeyShard.encode(List.of(a, b))).isEqualTo(KeyShard.encode(List.of(b, a)));
  }

  @Test
  void sixteenthOfAHundredThousandKeysFitsIntoASecret() {
    var records =
        IntStream.range(0, 100_000 / KeyShard.COUNT)
            .mapToObj(n ->
                records(
                        key(
                            "customer-" + n,
                            "originPolicyRefs: [{name: web}]\ndigest: "
                                + io.mapwright.operator.model.Names.sha256("key " + n),
                            "{}"),
                        "maps")
                    .getFirst())
            .toList();
    assertThat(KeyShard.encode(records).length).isLessThan(600_000);
  }

  @Test
  void keyStaysInItsFile() {
    var files = IntStream.range(0, 1000).map(n -> KeyShard.of("maps", "key-" + n)).distinct();
    assertThat(files.sorted().toArray()).isEqualTo(IntStream.range(0, KeyShard.COUNT).toArray());
  }

  @Test
  void fileThatIsCutIsRefused() {
    var file = KeyShard.encode(records(key("a", "digest: " + DIGEST, "{}"), "maps"));
    assertThatThrownBy(() -> decode(Arrays.copyOf(file, file.length - 9)))
        .isInstanceOf(UnusableKeys.class);
    assertThatThrownBy(() -> decode(new byte[] {1, 2, 3})).isInstanceOf(UnusableKeys.class);
  }

  private static List<KeyRecord> decode(byte[] file) throws IOException {
    var records = new ArrayList<KeyRecord>();
    KeyShard.decode(file, records::add);
    return records;
  }
}
