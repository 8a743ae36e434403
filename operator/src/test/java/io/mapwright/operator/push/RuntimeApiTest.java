package io.mapwright.operator.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.pki.ControlRole;
import io.mapwright.operator.table.Change;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuntimeApiTest {

  /**
   * A machine under load takes its time over a handshake: only what tests a limit has a short one.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final PushSettings PATIENT = settings(PATIENCE, PATIENCE);
  private static final PushSettings HASTY_ANSWER = settings(PATIENCE, LIMIT);
  private static final PushSettings HASTY_CONNECT = settings(LIMIT, PATIENCE);
  private static final String PROMPT = "\n> ";

  private final ControlCa ca = ControlCa.create("test", Clock.systemUTC(), new SecureRandom());
  private final ControlCredentials credentials =
      new ControlCredentials(ca, FakeGateway.NAME, Clock.systemUTC());
  private final Watchdog watchdog = new Watchdog();

  @AfterEach
  void close() {
    watchdog.close();
  }

  @Test
  void answersOfOneRoundComeInOrder() throws Exception {
    try (var fake =
        new FakeGateway(
            ca,
            (in, out) -> {
              in.readLine();
              FakeGateway.send(out, PROMPT);
              in.readLine();
              in.readLine();
              FakeGateway.send(out, "one\n" + PROMPT + PROMPT);
              Thread.sleep(5000);
            })) {
      assertThat(connect(fake.endpoint()).ask(List.of(Command.of("a"), Command.of("b"))))
          .containsExactly("one\n", "");
    }
  }

  @Test
  void payloadPromptsAreNotPartOfTheAnswer() throws Exception {
    try (var fake =
        new FakeGateway(
            ca,
            (in, out) -> {
              in.readLine();
              FakeGateway.send(out, PROMPT);
              while (!String.valueOf(in.readLine()).isEmpty()) {
                FakeGateway.send(out, "+ ");
              }
              FakeGateway.send(out, "done\n" + PROMPT);
              Thread.sleep(5000);
            })) {
      assertThat(connect(fake.endpoint()).ask(Command.withPayload("k v\nl w", "add map", "/m")))
          .isEqualTo("done\n");
    }
  }

  @Test
  void dripOfBytesEndsAtTheTimeLimit() throws Exception {
    assertThat(
            errorOf(
                HASTY_ANSWER,
                (in, out) -> {
                  in.readLine();
                  while (true) {
                    FakeGateway.send(out, "x");
                    Thread.sleep(50);
                  }
                }))
        .isEqualTo(PushError.TIMEOUT);
  }

  @Test
  void silenceEndsAtTheTimeLimit() throws Exception {
    assertThat(
            errorOf(
                HASTY_ANSWER,
                (in, out) -> {
                  in.readLine();
                  Thread.sleep(5000);
                }))
        .isEqualTo(PushError.TIMEOUT);
  }

  @Test
  void answerCutInTheMiddleIsNoAnswer() throws Exception {
    try (var fake =
        new FakeGateway(
            ca,
            (in, out) -> {
              in.readLine();
              FakeGateway.send(out, PROMPT);
              in.readLine();
              FakeGateway.send(out, "type=str, found=ye");
            })) {
      var api = connect(fake.endpoint());
      assertThat(error(() -> api.ask(Command.of("get map")))).isEqualTo(PushError.CLOSED);
    }
  }

  @Test
  void endBeforeTheFirstAnswerMeansWeAreNotAccepted() throws Exception {
    assertThat(errorOf(PATIENT, (in, out) -> in.readLine())).isEqualTo(PushError.TLS_REFUSED);
  }

  @Test
  void moreThanWasAskedForIsUnexpected() throws Exception {
    assertThat(
            errorOf(
                PATIENT,
                (in, out) -> {
                  FakeGateway.send(out, PROMPT + "and more");
                  Thread.sleep(5000);
                }))
        .isEqualTo(PushError.UNEXPECTED_ANSWER);
  }

  @Test
  void endIsNoticedWhileNothingIsAsked() throws Exception {
    var ended = new CountDownLatch(1);
    try (var fake =
            new FakeGateway(
                ca,
                (in, out) -> {
                  in.readLine();
                  FakeGateway.send(out, PROMPT);
                });
        var api = connect(fake.endpoint()).whenEnded(ended::countDown)) {
      assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(error(() -> api.ask(Command.of("get map")))).isEqualTo(PushError.CLOSED);
    }
  }

  @Test
  void bytesBetweenTwoCommandsAreUnexpectedAndNoCommandIsSent() throws Exception {
    var commands = new CopyOnWriteArrayList<String>();
    var ended = new CountDownLatch(1);
    try (var fake =
            new FakeGateway(
                ca,
                (in, out) -> {
                  commands.add(in.readLine());
                  FakeGateway.send(out, PROMPT);
                  Thread.sleep(200);
                  FakeGateway.send(out, "found=yes");
                });
        var api = connect(fake.endpoint()).whenEnded(ended::countDown)) {
      assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(error(() -> api.ask(Command.of("get map"))))
          .isEqualTo(PushError.UNEXPECTED_ANSWER);
      assertThat(commands).containsExactly("prompt");
    }
  }

  @Test
  void nobodyListening() throws Exception {
    int free = Gateway.freePort();
    assertThat(error(() -> connect(new ReplicaEndpoint("u", "p", "127.0.0.1", free))))
        .isEqualTo(PushError.UNREACHABLE);
  }

  @Test
  void listenerThatNeverShakesHands() throws Exception {
    try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var endpoint = new ReplicaEndpoint("u", "p", "127.0.0.1", mute.getLocalPort());
      assertThat(error(() -> connect(endpoint, HASTY_CONNECT))).isEqualTo(PushError.TIMEOUT);
    }
  }

  @Test
  void plainTextServerIsRefused() throws Exception {
    try (var plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> {
        try (var socket = plain.accept()) {
          FakeGateway.send(socket.getOutputStream(), "HTTP/1.1 400 Bad request\r\n\r\n");
          Thread.sleep(1000);
        } catch (Exception e) {
          // The client has seen enough.
        }
      });
      var endpoint = new ReplicaEndpoint("u", "p", "127.0.0.1", plain.getLocalPort());
      assertThat(error(() -> connect(endpoint))).isEqualTo(PushError.TLS_REFUSED);
    }
  }

  @Test
  void commandBeyondTheGatewaysBufferIsNotSent() throws Exception {
    var huge = Command.withPayload("x".repeat(20_000), "add map", "/m");
    try (var fake =
        new FakeGateway(
            ca,
            (in, out) -> {
              in.readLine();
              FakeGateway.send(out, PROMPT);
              Thread.sleep(5000);
            })) {
      var api = connect(fake.endpoint());
      assertThat(error(() -> api.ask(huge))).isEqualTo(PushError.TOO_LARGE);
    }
  }

  @Test
  void answersToMapCommandsAreReadStrictly() throws Exception {
    for (var garbage :
        List.of("", "<html>", "found=yes", "type=str, case=sensitive, found=maybe")) {
      try (var fake =
          new FakeGateway(
              ca,
              (in, out) -> {
                in.readLine();
                FakeGateway.send(out, PROMPT);
                while (in.readLine() != null) {
                  FakeGateway.send(out, garbage + "\n" + PROMPT);
                }
              })) {
        var maps = new GatewayMaps(connect(fake.endpoint()));
        assertThat(error(() -> maps.confirm(List.of(Change.put("/m", "k", "v")))))
            .isIn(PushError.UNEXPECTED_ANSWER, PushError.REJECTED);
      }
    }
  }

  private PushError errorOf(PushSettings settings, FakeGateway.Script script) throws Exception {
    try (var fake = new FakeGateway(ca, script)) {
      return error(() -> connect(fake.endpoint(), settings));
    }
  }

  private RuntimeApi connect(ReplicaEndpoint endpoint) throws RuntimeApiException {
    return connect(endpoint, PATIENT);
  }

  private RuntimeApi connect(ReplicaEndpoint endpoint, PushSettings settings)
      throws RuntimeApiException {
    return RuntimeApi.connect(endpoint, credentials, ControlRole.TABLE, settings, watchdog);
  }

  private static PushSettings settings(Duration connect, Duration answer) {
    return new PushSettings(
        connect,
        answer,
        Duration.ofMillis(100),
        Duration.ofMillis(100),
        Duration.ofMillis(100),
        Duration.ofHours(1));
  }

  private static PushError error(ThrowingCallable failing) {
    return catchThrowableOfType(RuntimeApiException.class, failing).error();
  }
}
