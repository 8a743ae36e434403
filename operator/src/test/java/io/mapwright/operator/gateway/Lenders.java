package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Gateways of one instance that know each other, on loopback addresses of their own. */
final class Lenders implements AutoCloseable {
  private static final int FIRST_ADDRESS = 20;

  private final List<Gateway> gateways = new ArrayList<>();

  /**
   * One answer.
   *
   * @param after since the traffic began
   */
  record Answer(int status, Duration after, Duration took) {
    boolean admitted() {
      return status == 200;
    }
  }

  Lenders(Path haproxy, int size, UnaryOperator<GatewaySettings.Builder> change)
      throws IOException {
    int lending = Gateway.freePort();
    try {
      for (int i = 0; i < size; i++) {
        start(haproxy, i, size, lending, change);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start(
      Path haproxy,
      int number,
      int size,
      int lending,
      UnaryOperator<GatewaySettings.Builder> change)
      throws IOException {
    var ports =
        new GatewayPorts(
            Gateway.freePort(),
            Gateway.freePort(),
            Gateway.freePort(),
            Gateway.freePort(),
            lending);
    var gateway =
        new Gateway(
            haproxy,
            settings -> change.apply(settings.bindAddress(address(number)).ports(ports)),
            text -> text);
    gateways.add(gateway);
    gateway.push(Table.entries());
    var others =
        IntStream.range(0, size)
            .filter(other -> other != number)
            .mapToObj(this::address)
            .collect(Collectors.joining(","));
    gateway.add(MetaEntry.gateways(others).toMapEntry());
    share(number, size);
  }

  String address(int gateway) {
    return "127.0.0." + (FIRST_ADDRESS + gateway);
  }

  void share(int gateway, int replicas) {
    var at = gateways.get(gateway);
    at.runtime("set map " + at.paths.map(GatewayMap.META) + " ready " + replicas);
  }

  /** A key of all scopes with this limit, known to all. */
  PlainKey key(RequestRate limit) {
    var key = Table.limited(gateways.getFirst(), limit);
    gateways.stream().skip(1).forEach(gateway -> Table.add(gateway, key, limit));
    return key;
  }

  /** Requests one after the other on one connection. */
  List<Answer> ask(int gateway, String target, int times) throws IOException {
    return send(gateway, target, answers -> answers.size() < times, Duration.ZERO);
  }

  /** As many requests as fit into that time, on two connections for each gateway. */
  List<Answer> flood(Duration time, String target, int... at) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    var senders =
        IntStream.of(at)
            .boxed()
            .flatMap(gateway -> Stream.of(gateway, gateway))
            .<Callable<List<Answer>>>map(
                gateway -> () -> send(gateway, target, _ -> System.nanoTime() < end, Duration.ZERO))
            .toList();
    var answers = new ArrayList<Answer>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var sent : pool.invokeAll(senders)) {
        answers.addAll(sent.get());
      }
    }
    return answers;
  }

  /** A client that asks so many times a second. */
  List<Answer> pace(Duration time, int perSecond, String target, int gateway) throws IOException {
    var pause = Duration.ofSeconds(1).dividedBy(perSecond);
    return send(gateway, target, answers -> answers.size() < time.dividedBy(pause), pause);
  }

  private interface Going {
    boolean on(List<Answer> answers);
  }

  private List<Answer> send(int gateway, String target, Going going, Duration pause)
      throws IOException {
    var answers = new ArrayList<Answer>();
    var request =
        ("GET " + target + " HTTP/1.1\r\nHost: " + Gateway.HOST + "\r\n\r\n").getBytes(ISO_8859_1);
    long start = System.nanoTime();
    try (var socket = gateways.get(gateway).connect("127.0.0.1")) {
      var in = new BufferedInputStream(socket.getInputStream());
      while (going.on(answers)) {
        long asked = System.nanoTime();
        socket.getOutputStream().write(request);
        int status = Reply.read(in, false).status();
        long now = System.nanoTime();
        answers.add(
            new Answer(status, Duration.ofNanos(now - start), Duration.ofNanos(now - asked)));
        long due = start + pause.multipliedBy(answers.size()).toNanos();
        Gateway.pause(Math.max(status == 200 ? 0 : 5, (due - now) / 1_000_000));
      }
    }
    return answers;
  }

  void kill(int gateway) {
    gateways.get(gateway).process().destroyForcibly();
  }

  void suspend(int gateway) throws IOException, InterruptedException {
    signal("-STOP", gateway);
  }

  void resume(int gateway) throws IOException, InterruptedException {
    signal("-CONT", gateway);
  }

  private void signal(String signal, int gateway) throws IOException, InterruptedException {
    var pid = Long.toString(gateways.get(gateway).process().pid());
    new ProcessBuilder("kill", signal, pid).start().waitFor();
  }

  /** What that gateway's meta map says of those that do not answer it. */
  String silent(int gateway) {
    var at = gateways.get(gateway);
    var answer = at.runtime("get map " + at.paths.map(GatewayMap.META) + " silent");
    return answer.replaceAll("(?s).*value=\"([^\"]*)\".*", "$1");
  }

  Gateway first() {
    return gateways.getFirst();
  }

  String errors() throws IOException {
    var errors = new StringBuilder();
    for (var gateway : gateways) {
      errors.append(gateway.errors());
    }
    return errors.toString();
  }

  @Override
  public void close() {
    gateways.forEach(Gateway::close);
  }
}
