package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.table.TableMaps;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway may have been taken over by the map server beside it: what it answers is bounded. */
@Timeout(60)
class TooMuchFromAGatewayTest {
  private static final String PROMPT = "\n> ";
  private static final String HEAD = "# table: keys, type: string, size:1, used:1\n";
  private static final PushSettings SETTINGS =
      new PushSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofHours(1));

  private final ControlCa ca = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
  private final ControlCredentials credentials =
      new ControlCredentials(ca, FakeGateway.NAME, Clock.systemUTC());
  private final Watchdog watchdog = new Watchdog();
  private long sent;

  @AfterEach
  void close() {
    watchdog.close();
  }

  @Test
  void endlessAnswerIsGivenUp() throws Exception {
    assertThat(
            afterPrompt(
                out -> endless(out, "x".repeat(1000) + "\n"),
                api -> api.ask(Command.of("show map"))))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
    assertThat(sent).isLessThan(4 << 20);
  }

  @Test
  void roundOfLongAnswersIsGivenUp() throws Exception {
    var commands = IntStream.range(0, 60).mapToObj(_ -> Command.of("get map")).toList();
    assertThat(
            afterPrompt(
                out -> {
                  for (var _ : commands) {
                    FakeGateway.send(out, "x".repeat(20_000) + PROMPT);
                  }
                },
                api -> api.ask(commands)))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
  }

  @Test
  void endlessListingIsGivenUp() throws Exception {
    assertThat(
            afterPrompt(
                out -> {
                  FakeGateway.send(out, HEAD);
                  endless(out, ("x".repeat(1000) + "\n").repeat(100));
                },
                api -> new UseCounters().read(api, 10)))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
    assertThat(sent).isLessThan(40 << 20);
  }

  @Test
  void endlessLineOfAListingIsGivenUp() throws Exception {
    assertThat(
            afterPrompt(
                out -> {
                  FakeGateway.send(out, HEAD);
                  endless(out, "x".repeat(1000));
                },
                api -> new UseCounters().read(api, 10)))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
    assertThat(sent).isLessThan(4 << 20);
  }

  @Test
  void usesOfManyMoreKeysThanThereAreAreNotBelieved() throws Exception {
    assertThat(
            afterPrompt(
                out -> FakeGateway.send(out, HEAD + rows(5000) + PROMPT),
                api -> new UseCounters().read(api, 10)))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
  }

  @Test
  void usesOfAllKeysAreRead() throws Exception {
    try (var fake = fake(out -> FakeGateway.send(out, HEAD + rows(5000) + PROMPT));
        var api = connect(fake)) {
      assertThat(new UseCounters().read(api, 5000)).hasSize(5000);
    }
  }

  /** These made the expressions that read answers try every way to cut them in parts. */
  @Test
  void linesThatFitInManyWaysTakeNoLongerThanOthers() throws Exception {
    var maps = new TableMaps("/meta", List.of("/keys"));
    for (var line :
        List.of(
            "type=str, found=yes ".repeat(2000) + "!",
            "type=str, found=yes, " + "key=\"a\", value=\"".repeat(2000),
            "1 (" + "a) (".repeat(10_000) + " entry_cnt=x")) {
      var begin = System.nanoTime();
      try (var fake = fake(out -> FakeGateway.send(out, (line + "\n" + PROMPT).repeat(5)));
          var api = connect(fake)) {
        var refused =
            catchThrowableOfType(
                RuntimeApiException.class, () -> new GatewayMaps(api).report(maps));
        assertThat(refused).isNotNull();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void rowsThatFitInManyWaysTakeNoLongerThanOthers() throws Exception {
    var row = " key=abcdef gpt0= gpc1=".repeat(40) + "\n";
    var begin = System.nanoTime();
    try (var fake = fake(out -> FakeGateway.send(out, HEAD + row.repeat(2000) + PROMPT));
        var api = connect(fake)) {
      assertThat(new UseCounters().read(api, 10)).isEmpty();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  private static String rows(int number) {
    return IntStream.range(0, number)
        .mapToObj(n ->
            "0x7f: key=k%07d use=0 exp=1 shard=0 gpt0=1700000000 gpc0=1 gpc1=%d\n".formatted(n, n))
        .collect(Collectors.joining());
  }

  private void endless(OutputStream out, String text) throws IOException {
    while (true) {
      FakeGateway.send(out, text);
      sent += text.length();
    }
  }

  private interface Answer {
    void give(OutputStream out) throws IOException;
  }

  private interface Question {
    void ask(RuntimeApi api) throws RuntimeApiException;
  }

  private PushError afterPrompt(Answer answer, Question question) throws Exception {
    try (var fake = fake(answer);
        var api = connect(fake)) {
      ThrowingCallable asking = () -> question.ask(api);
      return catchThrowableOfType(RuntimeApiException.class, asking).error();
    }
  }

  private FakeGateway fake(Answer answer) throws Exception {
    return new FakeGateway(
        ca,
        (in, out) -> {
          in.readLine();
          FakeGateway.send(out, PROMPT);
          in.readLine();
          answer.give(out);
          Thread.sleep(20_000);
        });
  }

  private RuntimeApi connect(FakeGateway fake) throws RuntimeApiException {
    return RuntimeApi.connect(fake.endpoint(), credentials, ControlRole.TABLE, SETTINGS, watchdog);
  }
}
