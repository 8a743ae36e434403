package io.mapwright.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.kube.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A map server that means ill, behind a gateway that passes on what it says. */
@Timeout(60)
class MapProbeTest {
  /** For answers that come, from a machine under load. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final MapProbe.Timeouts PATIENT = new MapProbe.Timeouts(LONG, LONG);

  /** For an answer that never comes. */
  private static final MapProbe.Timeouts HASTY_ANSWER =
      new MapProbe.Timeouts(Duration.ofMillis(500), LONG);

  /** For more answers than there is time for. */
  private static final MapProbe.Timeouts HASTY_ROUND =
      new MapProbe.Timeouts(LONG, Duration.ofSeconds(1));

  private final CountDownLatch cut = new CountDownLatch(1);

  @Test
  void answerWithABodyIsProof() throws IOException {
    assertThat(
            asked(
                PATIENT,
                1,
                out -> {
                  RawServer.head(out, 200);
                  RawServer.send(out, "a tile");
                }))
        .isEmpty();
  }

  @Test
  void endlessBodyIsProofAndIsNotRead() throws Exception {
    try (var server =
        new RawServer((_, out) -> {
          RawServer.head(out, 200);
          endless(out, "x".repeat(8192));
        })) {
      assertThat(probe(server, PATIENT).failure(List.of("127.0.0.1"), List.of("/tile"))).isEmpty();
      assertThat(cut.await(5, TimeUnit.SECONDS)).as("the connection is ended").isTrue();
      // What fits into the buffers of both sockets.
      assertThat(server.written()).isLessThan(16 << 20);
    }
  }

  @Test
  void byteASecondOfAHeadEndsAtTheDeadline() throws Exception {
    assertThat(
            asked(
                HASTY_ANSWER,
                1,
                out -> {
                  RawServer.send(out, "HTTP/1.1 200 OK\r\n");
                  drip(out);
                }))
        .contains("/tile0 does not answer");
    assertThat(cut.await(5, TimeUnit.SECONDS)).as("the connection is ended").isTrue();
  }

  @Test
  void bodyThatNeverBeginsEndsAtTheDeadline() throws Exception {
    assertThat(
            asked(
                HASTY_ANSWER,
                1,
                out -> {
                  RawServer.head(out, 200, "Content-Length: 9");
                  Thread.sleep(20_000);
                }))
        .contains("/tile0 does not answer");
  }

  @Test
  void silenceEndsAtTheDeadline() throws Exception {
    assertThat(asked(HASTY_ANSWER, 1, _ -> Thread.sleep(20_000)))
        .contains("/tile0 does not answer");
  }

  @Test
  void manySlowPathsEndAtTheDeadlineOfARound() throws Exception {
    assertThat(
            asked(
                HASTY_ROUND,
                10,
                out -> {
                  Thread.sleep(300);
                  RawServer.head(out, 200);
                  RawServer.send(out, "a tile");
                }))
        .isPresent();
  }

  @Test
  void redirectIsNotFollowed() throws Exception {
    try (var elsewhere = new RawServer((_, out) -> RawServer.head(out, 200))) {
      assertThat(
              asked(
                  PATIENT,
                  1,
                  out ->
                      RawServer.head(
                          out, 302, "Location: http://127.0.0.1:" + elsewhere.port() + "/")))
          .contains("/tile0 answers 302");
      assertThat(elsewhere.requests()).isZero();
    }
  }

  @Test
  void endlessHeadersAreGivenUp() throws Exception {
    assertThat(
            asked(
                HASTY_ANSWER,
                1,
                out -> {
                  RawServer.send(out, "HTTP/1.1 200 OK\r\n");
                  for (int n = 0; ; n++) {
                    RawServer.send(out, "X-" + n + ": " + "x".repeat(1000) + "\r\n");
                  }
                }))
        .contains("/tile0 does not answer");
  }

  @Test
  void endlessInterimAnswersAreGivenUp() throws Exception {
    assertThat(
            asked(
                HASTY_ANSWER,
                1,
                out -> {
                  while (true) {
                    RawServer.send(out, "HTTP/1.1 103 Early Hints\r\n\r\n");
                  }
                }))
        .contains("/tile0 does not answer");
  }

  @Test
  void emptyBodyAndOtherStatusAreNoProof() throws Exception {
    assertThat(asked(PATIENT, 1, out -> RawServer.head(out, 200, "Content-Length: 0")))
        .contains("/tile0 answers with an empty body");
    assertThat(asked(PATIENT, 1, out -> RawServer.head(out, 503))).contains("/tile0 answers 503");
    assertThat(asked(PATIENT, 1, out -> RawServer.send(out, "no HTTP at all")))
        .contains("/tile0 does not answer");
  }

  private interface Script {
    void play(OutputStream out) throws IOException, InterruptedException;
  }

  /** Every answer comes within the patience of a round, whatever happens. */
  private Optional<String> asked(MapProbe.Timeouts patience, int paths, Script script)
      throws IOException {
    var names = java.util.stream.IntStream.range(0, paths).mapToObj(n -> "/tile" + n).toList();
    try (var server = new RawServer((_, out) -> script.play(out))) {
      var begin = System.nanoTime();
      var failure = probe(server, patience).failure(List.of("127.0.0.1"), names);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
      return failure;
    }
  }

  private static MapProbe probe(RawServer server, MapProbe.Timeouts patience) {
    return new MapProbe(server.port(), patience);
  }

  private void endless(OutputStream out, String text) throws IOException {
    try {
      while (true) {
        RawServer.send(out, text);
      }
    } finally {
      cut.countDown();
    }
  }

  private void drip(OutputStream out) throws IOException, InterruptedException {
    try {
      while (true) {
        RawServer.send(out, "x");
        Thread.sleep(50);
      }
    } finally {
      cut.countDown();
    }
  }
}
