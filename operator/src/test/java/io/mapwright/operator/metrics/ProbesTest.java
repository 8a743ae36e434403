package io.mapwright.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbesTest {
  private static Probes probes(List<String> dead, List<String> missing, List<String> degraded) {
    return new Probes(() -> dead, () -> missing, () -> degraded);
  }

  @Test
  void wellIsOneWord() {
    var well = probes(List.of(), List.of(), List.of());
    assertThat(well.live()).isEqualTo(new Probes.Result(200, "alive\n"));
    assertThat(well.ready()).isEqualTo(new Probes.Result(200, "ready\n"));
  }

  @Test
  void causesAreLines() {
    var ill = probes(List.of("task a hangs"), List.of("no list"), List.of("no events of b"));
    assertThat(ill.live()).isEqualTo(new Probes.Result(503, "not alive\ntask a hangs\n"));
    assertThat(ill.ready()).isEqualTo(new Probes.Result(503, "not ready\nno list\n"));
  }

  @Test
  void whatIsDegradedIsToldByOneThatIsReady() {
    var degraded = probes(List.of(), List.of(), List.of("no events of b"));
    assertThat(degraded.ready()).isEqualTo(new Probes.Result(200, "ready\nno events of b\n"));
  }

  @Test
  void textIsBounded() {
    var many = IntStream.range(0, 10_000).mapToObj(n -> "no events of " + n).toList();
    assertThat(probes(many, List.of(), List.of()).live().text())
        .hasLineCount(22)
        .endsWith("and 9980 more\n");
  }
}
