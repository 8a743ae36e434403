package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.ExposureType;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceInputTest {
  @Test
  void defaultsAreWhatTheFieldsDescribe() {
    var in = Given.input(Given.SMALLEST);
    assertThat(in.replicas()).isEqualTo(1);
    assertThat(in.severalReplicas()).isFalse();
    assertThat(in.serverPort()).isEqualTo(8080);
    assertThat(in.healthPath()).isEqualTo("/health");
    assertThat(in.startup()).isEqualTo(Duration.ofMinutes(2));
    assertThat(in.runAsUser()).isEqualTo(65532);
    assertThat(in.dataClaim()).isEmpty();
    assertThat(in.dataPath()).isEqualTo("/data");
    assertThat(in.gatewayImage()).isEqualTo("haproxy:3.2");
    assertThat(in.defaultRateLimit().requestsPerSecond()).isEqualTo(50);
    assertThat(in.defaultRateLimit().burst()).isEqualTo(500);
    assertThat(in.sessionRotation()).isEqualTo(Duration.ofDays(30));
    assertThat(in.sessionMaxAge()).isEqualTo(Duration.ofDays(7));
    assertThat(in.exposureType()).isEqualTo(ExposureType.ClusterIP);
    assertThat(in.tlsSecret()).isEqualTo("tiles-tls");
    assertThat(in.allHosts()).containsExactly("maps.example.com");
    assertThat(in.deletesData()).isFalse();
    assertThat(in.generatesBackupPassword()).isFalse();
    assertThat(in.monitored()).isFalse();
  }

  @Test
  void certificateCoversTheConsoleToo() {
    var in = Given.input(Given.SMALLEST + "controlPlane: {hosts: [console.example.com]}");
    assertThat(in.allHosts()).containsExactly("maps.example.com", "console.example.com");
  }

  @Test
  void secretsOfAnInstanceAreNotPrinted() {
    var generatedSecrets =
        new GeneratedSecrets(Map.of("ca.key", "s3cr3t"), Map.of("current", "s3cr3t"), "s3cr3t");
    assertThat(generatedSecrets.toString()).doesNotContain("s3cr3t");
    var in =
        InstanceInput.of(
            Given.instance(Given.SMALLEST), Given.SETTINGS, java.util.Set.of(), generatedSecrets);
    assertThat(in.toString()).doesNotContain("s3cr3t");
  }
}
