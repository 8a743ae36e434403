package io.mapwright.operator.instance;

import static io.mapwright.operator.model.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.pki.CertificatePair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretGeneratorTest {
  private static final Duration MONTH = Duration.ofDays(30);

  private static GeneratedSecrets complete(GeneratedSecrets stored, Instant now, String uid) {
    var instance = Given.instance(Given.SMALLEST);
    instance.getMetadata().setUid(uid);
    return new SecretGenerator(new SecureRandom(), Clock.fixed(now, ZoneOffset.UTC))
        .complete(Given.input(instance).with(stored))
        .generatedSecrets();
  }

  private static final GeneratedSecrets NOTHING = new GeneratedSecrets(Map.of(), Map.of(), null);
  private static final GeneratedSecrets FIRST = complete(NOTHING, NOW, "one");

  private static CertificatePair pair(GeneratedSecrets generatedSecrets) {
    return CertificatePair.of(
        generatedSecrets.control().getOrDefault("tls.crt", ""),
        generatedSecrets.control().getOrDefault("tls.key", ""));
  }

  @Test
  void whatIsMissingIsMade() {
    assertThat(FIRST.control()).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
    assertThat(FIRST.sessions()).containsOnlyKeys("current", "rotatedAt");
    assertThat(FIRST.backupPassword()).hasSizeGreaterThanOrEqualTo(43);
  }

  @Test
  void whatIsThereIsKept() {
    assertThat(complete(FIRST, NOW.plusSeconds(60), "one")).isEqualTo(FIRST);
  }

  @Test
  void twoInstancesHaveNothingInCommon() {
    var other = complete(NOTHING, NOW, "one");
    assertThat(other.sessions().get("current")).isNotEqualTo(FIRST.sessions().get("current"));
    assertThat(other.control().get("ca.key")).isNotEqualTo(FIRST.control().get("ca.key"));
    assertThat(other.backupPassword()).isNotEqualTo(FIRST.backupPassword());
  }

  @Test
  void sessionKeyRotatesAndTheOneBeforeStays() {
    var due = complete(FIRST, NOW.plus(MONTH), "one");
    assertThat(due.sessions().get("previous")).isEqualTo(FIRST.sessions().get("current"));
    assertThat(due.sessions().get("current")).isNotEqualTo(FIRST.sessions().get("current"));
    assertThat(complete(due, NOW.plus(MONTH).plusSeconds(1), "one").sessions())
        .isEqualTo(due.sessions());
  }

  @Test
  void sessionSecretThatWasTamperedWithIsReplacedNotAnErrorForEver() {
    var broken =
        new GeneratedSecrets(
            FIRST.control(),
            Map.of("current", "a", "rotatedAt", "yesterday"),
            FIRST.backupPassword());
    assertThat(complete(broken, NOW, "one").sessions().get("rotatedAt")).isEqualTo(NOW.toString());
  }

  @Test
  void backupPasswordNeverChanges() {
    assertThat(complete(FIRST, NOW.plus(Duration.ofDays(36500)), "two").backupPassword())
        .isEqualTo(FIRST.backupPassword());
  }

  @Test
  void controlCertificateIsRenewedBeforeItEnds() {
    var end = pair(FIRST).notAfter().orElseThrow();
    assertThat(complete(FIRST, end.minus(Duration.ofDays(61)), "one").control().get("tls.crt"))
        .isEqualTo(FIRST.control().get("tls.crt"));
    assertThat(complete(FIRST, end.minus(Duration.ofDays(59)), "one").control().get("tls.crt"))
        .isNotEqualTo(FIRST.control().get("tls.crt"));
  }

  @Test
  void secretsThatOutlivedAnInstanceServeTheNextOneOfThatName() {
    var next = complete(FIRST, NOW, "two");
    var pair = pair(next);
    assertThat(pair.covers(SecretGenerator.serverName("two"))).isTrue();
    assertThat(next.control().get("ca.crt")).isEqualTo(FIRST.control().get("ca.crt"));
  }

  @Test
  void controlSecretThatWasTamperedWithIsMadeAnew() {
    var broken = Map.of("ca.crt", "x", "ca.key", "y", "tls.crt", "z", "tls.key", "");
    var made = complete(new GeneratedSecrets(broken, FIRST.sessions(), null), NOW, "one");
    assertThat(pair(made).problem(NOW.plusSeconds(60))).isEmpty();
  }
}
