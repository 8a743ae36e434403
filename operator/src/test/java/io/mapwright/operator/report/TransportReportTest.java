package io.mapwright.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.api.v1alpha1.BackupStatus;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportReportTest {
  private static Conditions report(String more, @Nullable Boolean databaseTls) {
    var conditions = new Conditions(null, 1, Given.NOW);
    var status = Serialization.unmarshal("databaseTls: " + databaseTls, BackupStatus.class);
    new TransportReport(Given.input(Given.SMALLEST + more), Optional.of(status), conditions)
        .report();
    return conditions;
  }

  private static String backup(String repository) {
    return "backup: {schedule: '@daily', postgres: {urlSecretRef: {name: database, key: url}}, repository: {"
        + repository
        + "}}\n";
  }

  @Test
  void withoutBackupsNothingIsSaid() {
    assertThat(Conditions.find(report("", null).list(), ConditionType.TransportEncrypted))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rest: {url: 'http://backup.example.com/'}|true|False|backup.repository.rest.url is plain HTTP",
        "s3: {endpoint: 'http://s3.example.com', bucket: maps}|true|False|backup.repository.s3.endpoint is plain",
        "rest: {url: 'https://backup.example.com/'}|false|False|sslmode=verify-full",
        "rest: {url: 'https://backup.example.com/'}|true|True|encrypted",
        "rest: {url: 'https://backup.example.com/'}||True|after the next backup",
        "volume: {}|true|True|encrypted",
      })
  void saysWhatCrossesTheNetworkInPlainText(
      String repository, @Nullable Boolean databaseTls, String status, String message) {
    var list = report(backup(repository), databaseTls).list();
    assertThat(Conditions.find(list, ConditionType.TransportEncrypted))
        .hasValueSatisfying(condition -> {
          assertThat(condition.getStatus()).isEqualTo(status);
          assertThat(condition.getMessage()).contains(message);
        });
  }

  @Test
  void repositoryThatIsRestoredFromCountsAlone() {
    var spec =
        "restore: {id: a, from: {repository: {rest: {url: 'http://old.example.com/'}},"
            + " passwordSecretRef: {name: kept, key: password}}}\n";
    assertThat(Conditions.find(report(spec, null).list(), ConditionType.TransportEncrypted))
        .hasValueSatisfying(
            condition -> assertThat(condition.getMessage()).contains("restore.from.repository"));
  }
}
