package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestoreRecordTest {
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      """;

  private static InstanceInput asked(String id) {
    return Given.input(SPEC + "restore: {id: " + id + "}\n");
  }

  private static PersistentVolumeClaim claim(String uid) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("tiles-data")
        .withUid(uid)
        .endMetadata()
        .build();
  }

  @Test
  void isOfOneRestoreAndOneVolume() {
    var record = RestoreRecord.of(asked("once"), claim("a"));
    assertThat(RestoreRecord.matches(asked("once"), record, claim("a"))).isTrue();
    assertThat(RestoreRecord.matches(asked("twice"), record, claim("a"))).isFalse();
    assertThat(RestoreRecord.matches(asked("once"), record, claim("b")))
        .as("a new volume is empty")
        .isFalse();
  }

  @Test
  void outlivesTheInstanceAndGoesWithTheVolume() {
    var owners = RestoreRecord.of(asked("once"), claim("a")).getMetadata().getOwnerReferences();
    assertThat(owners)
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getKind()).isEqualTo("PersistentVolumeClaim");
          assertThat(owner.getUid()).isEqualTo("a");
          assertThat(owner.getController()).isNull();
        });
  }

  @Test
  void ofSomebodyElseSaysNothing() {
    var record = RestoreRecord.of(asked("once"), claim("a"));
    var foreign =
        new ConfigMapBuilder(record)
            .editMetadata()
            .withAnnotations(Map.of(Labels.OWNER, "other"))
            .endMetadata()
            .build();
    assertThat(RestoreRecord.matches(asked("once"), foreign, claim("a"))).isFalse();
  }

  /** What the map server may write decides nothing. */
  @Test
  void noScriptReadsAMarkFromTheVolume() {
    assertThat(Scripts.of("restore.sh", "load.sh", "backup.sh"))
        .doesNotContain("mapwright-restored");
  }
}
