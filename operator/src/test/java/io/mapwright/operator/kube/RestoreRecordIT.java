package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mapwright.operator.backup.RestoreRecord;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.workload.Claims;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The record of a restore and the claim that it is bound to, on a real API server. */
@ExtendWith(ApiServer.class)
class RestoreRecordIT {
  private static final String SPEC =
      """
      hosts: [maps.example.com]
      server: {image: "maps:1", volume: {size: 1Gi}}
      tls: {issuerRef: {name: ca}}
      backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
      restore: {id: once}
      """;

  private final ApiServer.Running server;

  RestoreRecordIT(ApiServer.Running server) {
    this.server = server;
  }

  private PersistentVolumeClaim claim(InstanceInput in) {
    return server.admin().resource(Claims.data(in)).create();
  }

  @Test
  void aNewVolumeOfTheSameNameWasNotRestored() {
    var namespace = server.namespace("restored");
    var instance = Given.instance(SPEC);
    instance.getMetadata().setNamespace(namespace);
    var in = Given.input(instance);
    assertThat(RestoreRecords.isRestored(in, server.admin())).isFalse();

    var first = claim(in);
    assertThat(first.getSpec().getResources().getRequests())
        .isEqualTo(Map.of("storage", new Quantity("1Gi")));
    var record = server.admin().resource(RestoreRecord.of(in, first)).create();
    assertThat(RestoreRecords.isRestored(in, server.admin())).isTrue();
    assertThat(record.getMetadata().getOwnerReferences()).hasSize(1);

    first.getMetadata().setFinalizers(List.of());
    server.admin().resource(first).delete();
    var claims = server.admin().persistentVolumeClaims().inNamespace(namespace);
    claims
        .withName(first.getMetadata().getName())
        .edit(held -> {
          held.getMetadata().setFinalizers(List.of());
          return held;
        });
    await().until(() -> claims.withName(first.getMetadata().getName()).get() == null);
    assertThat(RestoreRecords.isRestored(in, server.admin())).isFalse();
    claim(in);
    assertThat(RestoreRecords.isRestored(in, server.admin())).isFalse();
  }
}
