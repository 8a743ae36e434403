package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.decision.Decision;
import io.mapwright.operator.decision.Decision.Verdict;
import io.mapwright.operator.gateway.EchoServer;
import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.gateway.GatewayProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/**
 * A gateway of one world, asked case after case and held to the model in answer, log and server.
 */
final class Oracle implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int TOGETHER = 16;

  /** What the map server tells caches. */
  private static final List<String> CACHING =
      List.of(
          "public, max-age=60",
          "max-age=3600",
          "Public, max-age=60, immutable",
          "max-age=60, must-revalidate",
          "max-age=1, s-maxage=\"600\", stale-while-revalidate=5",
          "no-store",
          "private, max-age=5",
          "private=\"set-cookie, vary\", max-age=60",
          "no-cache=\"private\", S-MaxAge=600");

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private record Expected(Case asked, Decision decision) {}

  private final World world;
  private final Gateway gateway;
  private final int side;
  private final Judge judge;
  private final LogTail log;
  private final Map<String, Expected> unlogged = new ConcurrentHashMap<>();
  private final Queue<Disagreement> found = new ConcurrentLinkedQueue<>();
  private final LongAdder reached = new LongAdder();
  private long dropped;

  Oracle(Path haproxy, World world, UnaryOperator<String> edit) throws IOException {
    this.world = world;
    var start = Instant.now();
    side = Gateway.freePort();
    gateway = new Gateway(haproxy, world::settings, text -> edit.apply(withSideDoor(text)));
    gateway.server.answer(Oracle::echo);
    if (world == World.STARTING) {
      World.entries(start).forEach(gateway::add);
    } else {
      gateway.push(World.entries(start), world.trusted(start));
    }
    judge = new Judge(world.table(gateway.settings, start));
    log = new LogTail(gateway.logFile());
  }

  /**
   * What ends its connection comes through a door without TLS to the same rules: handshakes would
   * cost more than everything else.
   */
  private String withSideDoor(String text) {
    var frontend = "frontend https from base\n";
    return text.replace(frontend, frontend + "    bind 127.0.0.1:" + side + "\n");
  }

  private static String echo(EchoServer.Seen seen) {
    var head = String.join("\n", seen.lines());
    var caching = CACHING.get(Math.floorMod(head.hashCode(), CACHING.size()));
    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: "
        + caching
        + "\r\nX-Said: "
        + caching
        + "\r\nX-Seen: "
        + Base64.getEncoder().encodeToString(head.getBytes(ISO_8859_1))
        + "\r\n\r\nok";
  }

  /** Ask all of them; what differs from the model comes back. */
  List<Disagreement> ask(List<Case> cases) {
    found.clear();
    reached.reset();
    gateway.server.forget();
    var futures = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(WORKERS)) {
      int share = Math.ceilDiv(cases.size(), WORKERS);
      for (int from = 0; from < cases.size(); from += share) {
        var part = cases.subList(from, Math.min(from + share, cases.size()));
        futures.add(pool.submit(() -> askInOrder(part)));
      }
    }
    for (var future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    checkLog();
    if (gateway.server.seen().size() != reached.sum()) {
      found.add(
          new Disagreement(
              cases.getFirst(),
              "the server saw %d requests in this round, its answers came back %d times"
                  .formatted(gateway.server.seen().size(), reached.sum())));
    }
    return List.copyOf(found);
  }

  private void askInOrder(List<Case> cases) {
    var calm = new HashMap<Links.Route, List<Expected>>();
    try (var links = new Links(gateway, side)) {
      for (var asked : cases) {
        var expected = new Expected(asked, judge.decide(asked));
        var manners = Manners.of(asked, expected.decision());
        if (manners == Manners.ENDS) {
          judge(expected, links.alone(asked));
          continue;
        }
        if (manners == Manners.STOPS) {
          judge(expected, links.together(List.of(asked)).getFirst());
          continue;
        }
        var waiting = calm.computeIfAbsent(Links.Route.of(asked), _ -> new ArrayList<>());
        waiting.add(expected);
        if (waiting.size() == TOGETHER) {
          askTogether(links, waiting);
        }
      }
      for (var waiting : calm.values()) {
        if (!waiting.isEmpty()) {
          askTogether(links, waiting);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void askTogether(Links links, List<Expected> waiting) throws IOException {
    var answers = links.together(waiting.stream().map(Expected::asked).toList());
    for (int i = 0; i < answers.size(); i++) {
      judge(waiting.get(i), answers.get(i));
    }
    waiting.clear();
  }

  private void judge(Expected expected, Answer answer) {
    if (answer.first("x-seen").isPresent()) {
      reached.increment();
    }
    var objection = judge.objection(expected.decision(), answer);
    objection.ifPresent(text -> found.add(new Disagreement(expected.asked(), text)));
    boolean ours =
        expected.decision().verdict() != Verdict.MALFORMED
            && objection.isEmpty()
            && !Judge.ofParser(answer);
    if (ours) {
      answer.first("x-request-id").ifPresent(id -> unlogged.put(id, expected));
    }
  }

  private void checkLog() {
    try {
      for (var end = Instant.now().plus(PATIENCE); ; Thread.sleep(20)) {
        log.read(this::checkLine);
        if (unlogged.isEmpty()) {
          return;
        }
        if (Instant.now().isAfter(end)) {
          break;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    // HAProxy never waits for its log: a line that finds it busy is dropped, and counted.
    long droppedNow = droppedLines();
    if (unlogged.size() > droppedNow - dropped) {
      unlogged
          .values()
          .forEach(expected -> found.add(new Disagreement(expected.asked(), "no log line")));
    }
    dropped = droppedNow;
    unlogged.clear();
  }

  private long droppedLines() {
    return gateway
        .runtime("show info")
        .lines()
        .filter(line -> line.startsWith("DroppedLogs: "))
        .mapToLong(line -> Long.parseLong(line.substring("DroppedLogs: ".length())))
        .findFirst()
        .orElseThrow();
  }

  private void checkLine(String line) {
    var texts = LogTail.texts(line);
    var expected = unlogged.remove(texts.getOrDefault("id", ""));
    if (expected == null) {
      return;
    }
    var decision = expected.decision();
    var written =
        "%s %s %s %s %s"
            .formatted(
                texts.get("decision"),
                texts.get("rule"),
                texts.get("scope"),
                texts.get("key"),
                texts.get("dryRun"));
    var wanted = logged(decision);
    if (!written.equals(wanted)) {
      found.add(
          new Disagreement(
              expected.asked(), "log line: expected %s, got %s".formatted(wanted, written)));
    }
    if (Judge.leaks(line)) {
      found.add(new Disagreement(expected.asked(), "the log line holds a key"));
    }
  }

  private static String logged(Decision decision) {
    var rule =
        switch (decision.verdict()) {
          case DENY, LIMIT -> decision.problem().map(GatewayProblem::code).orElseThrow();
          case PREFLIGHT -> "preflight";
          default -> "-";
        };
    var would =
        decision.verdict() == Verdict.ALLOW
            ? decision.problem().map(GatewayProblem::code).orElse("-")
            : "-";
    return "%s %s %s %s %s"
        .formatted(
            decision.verdict().name().toLowerCase(Locale.ROOT),
            rule,
            decision.scope().map(Scope::text).orElse("-"),
            decision.keyId().orElse("-"),
            would);
  }

  World world() {
    return world;
  }

  @Override
  public void close() throws IOException {
    log.close();
    gateway.close();
  }
}
