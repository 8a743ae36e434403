package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.decision.Caching;
import io.mapwright.operator.decision.Decider;
import io.mapwright.operator.decision.Decision;
import io.mapwright.operator.decision.Field;
import io.mapwright.operator.decision.Forward;
import io.mapwright.operator.decision.Table;
import io.mapwright.operator.gateway.GatewayProblem;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Holds an answer against the decision; says in a few words where they differ. */
final class Judge {
  private static final GatewayProblem HIDDEN = GatewayProblem.CONTROL_PLANE;

  /** What is between gateway and server, or between client and gateway. */
  private static final Set<String> OF_GATEWAY =
      Set.of("connection", "expect", "transfer-encoding", "x-request-id");

  private final Table table;

  Judge(Table table) {
    this.table = table;
  }

  Decision decide(Case asked) {
    return asked
        .request()
        .map(request -> Decider.decide(request, table, Instant.now()))
        .orElse(Decision.malformed());
  }

  /** Empty if the answer is as decided. */
  Optional<String> objection(Decision decision, Answer answer) {
    for (var key : NamedKey.values()) {
      if (answer.mentions(key.text)) {
        return Optional.of("the answer holds the key " + key);
      }
    }
    return switch (decision.verdict()) {
      case MALFORMED -> malformed(answer);
      case ALLOW -> allowed(decision, answer);
      case DENY, LIMIT -> refused(decision, answer);
      case PREFLIGHT -> status(204, answer).or(() -> pages(decision, answer));
      case FIXED -> status(200, answer);
    };
  }

  /** HAProxy's versions differ in how much they refuse before any rule of ours is asked. */
  static boolean ofParser(Answer answer) {
    boolean plainText = answer.all("cache-control").equals(List.of("no-cache"));
    return answer.status() == 0
        || (answer.status() == 400 && (plainText || answer.code().equals("malformed")));
  }

  private static Optional<String> malformed(Answer answer) {
    boolean refused = answer.status() == 0 || answer.status() >= 400;
    return refused && answer.first("x-seen").isEmpty()
        ? Optional.empty()
        : differs("status", "a refusal", answer.status());
  }

  private static Optional<String> refused(Decision decision, Answer answer) {
    var problem = decision.problem().orElseThrow();
    if (problem.code().startsWith("request-") && ofParser(answer)) {
      return malformed(answer);
    }
    return status(problem.status(), answer)
        .or(() ->
            answer.body().isEmpty()
                ? Optional.empty()
                : equal("code", problem.shown().code(), answer.code()))
        .or(() -> equal("cache-control", List.of("no-store"), answer.all("cache-control")))
        .or(() -> pages(decision, answer))
        .or(() -> equal("reached the server", List.of(), answer.all("x-seen")));
  }

  private Optional<String> allowed(Decision decision, Answer answer) {
    return status(200, answer)
        .or(() -> pages(decision, answer))
        .or(() -> caching(decision, answer))
        .or(() -> seen(decision.forward().orElseThrow(), answer));
  }

  private static Optional<String> pages(Decision decision, Answer answer) {
    var pages = decision.pages();
    var vary = String.join(", ", answer.all("vary")).toLowerCase(Locale.ROOT);
    boolean shown = decision.problem().filter(problem -> problem != HIDDEN).isPresent();
    boolean console = decision.scope().equals(Optional.of(Scope.ADMIN)) && shown;
    boolean depends =
        pages.restricted() || (decision.verdict() != Decision.Verdict.ALLOW && !console);
    return equal(
            "access-control-allow-origin",
            pages.allowOrigin().stream().toList(),
            answer.all("access-control-allow-origin"))
        .or(() ->
            equal(
                "access-control-allow-credentials",
                pages.credentials() ? List.of("true") : List.of(),
                answer.all("access-control-allow-credentials")))
        .or(() -> equal("vary on origin", depends, vary.contains("origin")))
        .or(() -> equal("vary on referer", pages.byReferer(), vary.contains("referer")));
  }

  private Optional<String> caching(Decision decision, Answer answer) {
    var forward = decision.forward().orElseThrow();
    boolean keyed = forward.target().contains("key=mpw_pk_");
    boolean console = decision.scope().equals(Optional.of(Scope.ADMIN));
    var expected =
        console
            ? List.of("no-store")
            : keyed || (table.settings().keyPassthrough() && document(forward))
                ? List.of("private", "no-store")
                : Caching.forClient(directives(answer.all("x-said")), decision.pages());
    return equal("cache-control", expected, directives(answer.all("cache-control")));
  }

  /** The members of a list (RFC 9110, 5.6.1), whose quoted texts may hold commas. */
  private static List<String> directives(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Arrays.stream(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)))
        .map(String::strip)
        .toList();
  }

  private static boolean document(Forward forward) {
    return forward.target().split("\\?", 2)[0].toLowerCase(Locale.ROOT).endsWith(".json");
  }

  private static Optional<String> seen(Forward forward, Answer answer) {
    var head = answer.first("x-seen");
    if (head.isEmpty()) {
      return Optional.of("the server saw nothing");
    }
    var lines =
        List.of(new String(Base64.getDecoder().decode(head.get()), ISO_8859_1).split("\n", -1));
    var start = lines.getFirst().split(" ", -1);
    var fields = lines.stream().skip(1).filter(line -> !line.isEmpty()).map(Judge::field).toList();
    return equal("method at the server", forward.method(), start[0])
        .or(() -> equal("target at the server", parts(forward.target()), parts(start[1])))
        .or(() -> equal("fields at the server", compared(forward.fields()), compared(fields)));
  }

  private static Field withPlainAddress(Field field) {
    if (!field.name().equals("x-forwarded-for") || field.value().contains(",")) {
      return field;
    }
    try {
      return new Field(field.name(), InetAddress.ofLiteral(field.value()).getHostAddress());
    } catch (IllegalArgumentException e) {
      return field; // a client's own, which differs as it should
    }
  }

  /** Path and parameters; an empty parameter says nothing. */
  private static List<String> parts(String target) {
    int mark = target.indexOf('?');
    var query = mark < 0 ? "" : target.substring(mark + 1);
    return Stream.concat(
            Stream.of(mark < 0 ? target : target.substring(0, mark)),
            Arrays.stream(query.split("&", -1)).filter(part -> !part.isEmpty()))
        .toList();
  }

  private static Field field(String line) {
    int colon = line.indexOf(':');
    return new Field(
        line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
  }

  private static List<Field> compared(List<Field> fields) {
    return fields.stream()
        .filter(field -> !OF_GATEWAY.contains(field.name()))
        .map(Judge::withPlainAddress)
        .sorted(Comparator.comparing(Field::name).thenComparing(Field::value))
        .toList();
  }

  private static Optional<String> status(int expected, Answer answer) {
    return equal("status", expected, answer.status()).map(text -> text + " " + answer.code());
  }

  private static Optional<String> equal(String what, Object expected, Object actual) {
    return expected.equals(actual) ? Optional.empty() : differs(what, expected, actual);
  }

  private static Optional<String> differs(String what, Object expected, Object actual) {
    return Optional.of("%s: expected %s, got %s".formatted(what, expected, actual));
  }

  /** Secrets that no log line may hold. */
  static boolean leaks(String line) {
    return Arrays.stream(NamedKey.values()).anyMatch(key -> line.contains(key.text));
  }
}
