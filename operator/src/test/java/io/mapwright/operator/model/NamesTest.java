package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NamesTest {
  private static final String SERVICE = "[a-z]([-a-z0-9]*[a-z0-9])?";

  private static final Map<String, UnaryOperator<String>> DERIVED =
      Map.ofEntries(
          Map.entry("server", Names::server),
          Map.entry("metricsService", Names::metricsService),
          Map.entry("gatewayConfig", Names::gatewayConfig),
          Map.entry("control", Names::control),
          Map.entry("sessions", Names::sessions),
          Map.entry("tls", Names::tls),
          Map.entry("data", Names::data),
          Map.entry("denyAll", Names::denyAll),
          Map.entry("serverPolicy", Names::serverPolicy),
          Map.entry("backup", Names::backup),
          Map.entry("backupPassword", Names::backupPassword),
          Map.entry("backupRepository", Names::backupRepository),
          Map.entry("label", Names::label));

  static Stream<String> names() {
    return Stream.of(
        "t",
        "tiles",
        "tiles-of-the-north",
        "a".repeat(52),
        "a".repeat(62),
        "a".repeat(63),
        "a".repeat(64),
        "a".repeat(253),
        "9".repeat(253),
        "1",
        "3d-tiles",
        "0-0",
        "maps.example.com",
        "a.b",
        "a." + "b".repeat(60) + "." + "c".repeat(60),
        "x" + "-".repeat(60) + "x",
        "x" + "-".repeat(100) + "x",
        "1." + "2".repeat(100));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyDerivedNameIsAValidServiceName(String instance) {
    DERIVED.forEach((what, name) ->
        assertThat(name.apply(instance)).as(what).matches(SERVICE).hasSizeLessThanOrEqualTo(63));
  }

  @ParameterizedTest
  @MethodSource("names")
  void cronJobLeavesRoomForTheSuffixOfItsJobs(String instance) {
    assertThat(Names.backup(instance)).hasSizeLessThanOrEqualTo(52);
  }

  @ParameterizedTest
  @MethodSource("names")
  void deliverySecretHasAValidName(String key) {
    assertThat(Names.keySecret(key))
        .matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
        .hasSizeLessThanOrEqualTo(253);
  }

  @Test
  void namesOfDifferentInstancesDiffer() {
    DERIVED.forEach((what, name) -> {
      var all = names().toList();
      assertThat(all.stream().map(name).distinct()).as(what).hasSameSizeAs(all);
    });
  }

  @Test
  void namesOfOneInstanceAndOneKindDiffer() {
    for (var instance : names().toList()) {
      var secrets =
          List.of(
              Names.control(instance),
              Names.sessions(instance),
              Names.tls(instance),
              Names.backupPassword(instance));
      var policies =
          List.of(Names.denyAll(instance), Names.serverPolicy(instance), Names.backup(instance));
      var claims = List.of(Names.data(instance), Names.backupRepository(instance));
      var services = List.of(Names.server(instance), Names.metricsService(instance));
      for (var kind : List.of(secrets, policies, claims, services)) {
        assertThat(new HashSet<>(kind)).as(instance).hasSameSizeAs(kind);
      }
    }
  }

  @Test
  void longNamesThatBeginAlikeStayApart() {
    var a = "a".repeat(252) + "a";
    var b = "a".repeat(252) + "b";
    DERIVED.forEach((what, name) -> assertThat(name.apply(a)).as(what).isNotEqualTo(name.apply(b)));
  }

  @Test
  void dotsAndHyphensAreNotConfused() {
    assertThat(Names.server("a.b")).isNotEqualTo(Names.server("a-b"));
  }

  @ParameterizedTest
  @CsvSource({
    "tiles, tiles, tiles-metrics, tiles-backup",
    "maps-2, maps-2, maps-2-metrics, maps-2-backup"
  })
  void ordinaryNamesAreKeptAsTheyAre(String name, String server, String metrics, String backup) {
    assertThat(Names.server(name)).isEqualTo(server);
    assertThat(Names.metricsService(name)).isEqualTo(metrics);
    assertThat(Names.backup(name)).isEqualTo(backup);
  }

  /** Anyone who changes this orphans the objects of every instance that exists. */
  @Test
  void derivedNamesNeverChange() {
    assertThat(Names.server("maps.example.com")).isEqualTo("maps-example-com-00c4b392");
    assertThat(Names.server("3d-tiles")).isEqualTo("d-tiles-f725691e");
    assertThat(Names.keyringShard("tiles", 10)).isEqualTo("tiles-keyring-0a");
  }
}
