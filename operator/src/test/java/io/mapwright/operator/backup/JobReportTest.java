package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobReportTest {
  @Test
  void valuesComeFirstThenTheLog() {
    var report =
        JobReport.parse(
                """
                stage=forget
                exit=11
                time=2027-03-01T03:00:00Z
                snapshotTime=2027-03-01T02:59:01.123456789Z
                bytes=1048576
                log:
                unable to create lock
                  waited = 2m
                """)
            .orElseThrow();
    assertThat(report.stage()).isEqualTo("forget");
    assertThat(report.exitCode()).isEqualTo(11);
    assertThat(report.time("snapshotTime")).contains("2027-03-01T02:59:01Z");
    assertThat(report.number("bytes", 0)).contains(1048576L);
    assertThat(report.log()).isEqualTo("unable to create lock | waited = 2m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "exit=0", "stage=done", "stage=done\nexit=none", "Killed"})
  void whatIsNotOursIsNoReport(String message) {
    assertThat(JobReport.parse(message)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=", "bytes=-1", "bytes=9999999999999999999", "bytes=1e9", "x=1"})
  void numberThatCanNotBeOneIsLeftOut(String line) {
    var report = JobReport.parse("stage=done\nexit=0\n" + line).orElseThrow();
    assertThat(report.number("bytes", 0)).isEmpty();
  }

  @Test
  void controlCharactersOfALogAreBlanks() {
    var report = JobReport.parse("stage=dump\nexit=1\nlog:\na\u0007b\tc\u001b[0m").orElseThrow();
    assertThat(report.log()).isEqualTo("a b c [0m");
  }

  @Test
  void messageThatNoKubeletWouldKeepIsCut() {
    var report =
        JobReport.parse(
                "stage=%s\nexit=0\nsnapshot=%s\nlog:\n%s"
                    .formatted("s".repeat(500), "a".repeat(1000), "x".repeat(1 << 20)))
            .orElseThrow();
    assertThat(report.stage()).hasSize(64);
    assertThat(report.text("snapshot").orElseThrow()).hasSize(256);
    assertThat(report.log()).hasSizeLessThan(4096);
    var facts = new StringBuilder("stage=done\nexit=0\n");
    for (int n = 0; n < 1000; n++) {
      facts.append(n).append("=x\n");
    }
    assertThat(JobReport.parse(facts.toString()).orElseThrow().facts()).hasSizeLessThan(33);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "soon"})
  void timeThatCanNotBeMeantIsLeftOut(String time) {
    var report = JobReport.parse("stage=done\nexit=0\nsnapshotTime=" + time).orElseThrow();
    assertThat(report.time("snapshotTime")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "open | 12 | Fatal: wrong password or no key found | repository has another password",
        "open | 10 | Fatal: repository does not exist | no repository",
        "open | 124 | dial tcp 10.0.0.1:443: connect: connection refused | cannot be reached",
        "open | 124 | lookup s3.example.com: no such host | cannot be reached",
        "open | 1 | client.BucketExists: Access Denied. | credentials",
        "backup | 1 | write /repository/data: no space left on device | disk is full",
        "backup | 3 | permission denied | could not be read",
        "backup | 143 | The pod was stopped. | stopped from outside",
        "restic | 137 | OOMKilled | memory",
        "check | 1 | Fatal: repository contains errors | damaged",
        "dump | 73 | The server is PostgreSQL 15 and the image has 17 | backup.postgres.image",
        "database | 75 | ERROR:  role \"app\" does not exist | create it",
        "database | 75 | ERROR:  extension \"postgis\" is not available | postgis/postgis",
        "database | 75 | ERROR:  permission denied to create extension \"postgis\" | CREATE EXTENSION",
        "database | 75 | ERROR:  syntax error | nothing was changed",
        "dump | 1 | FATAL: password authentication failed for user | refuses the account",
        "dump | 1 | could not translate host name | cannot be reached",
        "find | 65 | no matching ID found | no such snapshot",
        "before | 7 | | log of the pod"
      })
  void adviceFitsWhatHappened(String stage, int exit, String log, String advice) {
    var report = new JobReport(stage, exit, Map.of(), log == null ? "" : log);
    assertThat(FailureHints.of(report)).contains(advice);
    assertThat(FailureHints.describe(report))
        .startsWith("stage " + stage + " ended with exit code " + exit);
  }
}
