package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.CONTROL_PLANE;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_EXPIRED;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_MALFORMED;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_MISSING;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_SCOPE;
import static io.mapwright.operator.gateway.GatewayProblem.KEY_UNKNOWN;
import static io.mapwright.operator.gateway.GatewayProblem.METHOD;
import static io.mapwright.operator.gateway.GatewayProblem.NOT_READY;
import static io.mapwright.operator.gateway.GatewayProblem.TABLE_STALE;
import static io.mapwright.operator.gateway.GatewayProblem.UNKNOWN_PATH;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.decision.Decision.Pages;
import io.mapwright.operator.decision.Decision.Verdict;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.GatewayProblem;
import io.mapwright.operator.gateway.KeyEntry;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The order of decisions: shape, route, control plane, preflight, key, origin, rate. The first that
 * objects decides.
 */
public final class Decider {
  private static final Set<String> CONSOLE_ONLY = Set.of("PUT", "PATCH", "DELETE");

  private final Request request;
  private final Table table;
  private final Instant now;
  private final InetAddress client;

  private Decider(Request request, Table table, Instant now) {
    this.request = request;
    this.table = table;
    this.now = now;
    this.client = Addresses.client(request, table.settings());
  }

  /** Decide about a request of which nothing like it was admitted lately. */
  public static Decision decide(Request request, Table table, Instant now) {
    return decide(request, table, Usage.NONE, now);
  }

  /** Decide, with what the key and the client have used up already. */
  public static Decision decide(Request request, Table table, Usage usage, Instant now) {
    return new Decider(request, table, now).decide(usage);
  }

  private Decision decide(Usage usage) {
    var normal = Target.normal(request.target());
    if (normal.isEmpty()) {
      return Decision.malformed();
    }
    var target = normal.get();
    var shape = Shape.problem(request, target, table.settings());
    if (shape.isPresent()) {
      return Decision.refused(shape.get());
    }
    var scope = Routing.scope(table.settings(), target);
    if (scope.isEmpty()) {
      return unrouted(target);
    }
    return routed(target, scope.get(), usage);
  }

  private Decision unrouted(Target target) {
    boolean disclosed =
        table.settings().disclosure().isPresent()
            && target.path().equals("/.well-known/security.txt");
    return disclosed || target.path().equals("/healthz")
        ? Decision.fixed()
        : Decision.refused(UNKNOWN_PATH);
  }

  private Decision routed(Target target, Scope scope, Usage usage) {
    boolean console = scope == Scope.ADMIN;
    if (console && !Routing.consoleIsThere(request, client, table.settings())) {
      return refused(CONTROL_PLANE, scope, Optional.empty());
    }
    if (!table.ready()) {
      return refused(NOT_READY, scope, Optional.empty());
    }
    if (!console && CONSOLE_ONLY.contains(request.method())) {
      return refused(METHOD, scope, Optional.empty());
    }
    if (!console && isPreflight()) {
      return preflight(scope);
    }
    var sent = SentKey.of(request, target, console);
    var key = sent.key().flatMap(this::known);
    var problem = sent.problem().or(() -> keyProblem(sent, key, scope));
    if (problem.isPresent()) {
      var recognised = sent.problem().isPresent() ? Optional.<KeyEntry>empty() : key;
      return refused(problem.get(), scope, recognised.map(KeyEntry::keyId));
    }
    return console ? console(sent, key) : data(target, sent, key, scope, usage);
  }

  private boolean isPreflight() {
    return request.method().equals("OPTIONS")
        && request.has("origin")
        && request.has("access-control-request-method");
  }

  /**
   * A preflight carries no key by design of the Fetch standard, so all it can learn is whether any
   * key lets this origin use credentials.
   */
  private Decision preflight(Scope scope) {
    var origin = request.first("origin").orElseThrow();
    boolean credentials =
        table.keys().values().stream()
            .filter(KeyEntry::allowCredentials)
            .anyMatch(key -> Origins.admits(table, key.originSet().orElseThrow(), origin));
    return new Decision(
        Verdict.PREFLIGHT,
        Optional.of(scope),
        Optional.empty(),
        Optional.empty(),
        credentials ? new Pages(Optional.of(origin), true, false, false) : Pages.ANY,
        Optional.empty());
  }

  private Optional<KeyEntry> known(String key) {
    return ApiKeyFormat.isShaped(key)
        ? Optional.ofNullable(table.keys().get(ApiKeyFormat.digest(key)))
        : Optional.empty();
  }

  private Optional<GatewayProblem> keyProblem(SentKey sent, Optional<KeyEntry> key, Scope scope) {
    if (sent.key().isEmpty()) {
      boolean keyless = scope == Scope.ADMIN || table.settings().anonymousScopes().contains(scope);
      return keyless ? Optional.empty() : Optional.of(KEY_MISSING);
    }
    if (key.isEmpty() && !ApiKeyFormat.isWellFormed(sent.key().get())) {
      return Optional.of(KEY_MALFORMED);
    }
    if (now.getEpochSecond() > table.trusted().getEpochSecond()) {
      return Optional.of(TABLE_STALE);
    }
    if (key.isEmpty()) {
      return Optional.of(KEY_UNKNOWN);
    }
    var end = key.get().notAfterEpochSeconds();
    if (end.isPresent() && now.getEpochSecond() > end.getAsLong()) {
      return Optional.of(KEY_EXPIRED);
    }
    return key.get().scopes().contains(scope) ? Optional.empty() : Optional.of(KEY_SCOPE);
  }

  /** The console has no origins and no rates of a key. */
  private Decision console(SentKey sent, Optional<KeyEntry> key) {
    var keyId = key.map(KeyEntry::keyId);
    var cookie = SessionCookie.inward(request, table, now);
    if (cookie.ambiguous()) {
      return refused(GatewayProblem.COOKIE_AMBIGUOUS, Scope.ADMIN, keyId);
    }
    var forward =
        Forward.console(request, sent.rest(), client, keyId, sent.bearer(), cookie.text());
    return new Decision(
        Verdict.ALLOW,
        Optional.of(Scope.ADMIN),
        keyId,
        Optional.empty(),
        Pages.NONE,
        Optional.of(forward));
  }

  private Decision data(
      Target target, SentKey sent, Optional<KeyEntry> key, Scope scope, Usage usage) {
    var keyId = key.map(KeyEntry::keyId);
    var origin = key.flatMap(entry -> Origins.problem(request, entry, table));
    if (origin.isPresent()) {
      return Decision.refused(
          origin.get(),
          Optional.of(scope),
          keyId,
          new Pages(Optional.of("*"), false, true, !request.has("origin")));
    }
    var pages = key.map(this::pages).orElse(Pages.ANY);
    var limits = table.settings().limits();
    var rate = Rates.problem(key, scope, usage, limits);
    if (rate.isPresent() && !limits.dryRun()) {
      return Decision.refused(rate.get(), Optional.of(scope), keyId, pages);
    }
    boolean document = table.settings().keyPassthrough() && target.lowerPath().endsWith(".json");
    var seen = document ? target : sent.rest();
    return new Decision(
        Verdict.ALLOW,
        Optional.of(scope),
        keyId,
        rate,
        pages,
        Optional.of(Forward.data(request, seen, client, scope, keyId)));
  }

  private Pages pages(KeyEntry key) {
    if (key.originSet().isEmpty()) {
      return Pages.ANY;
    }
    var origin = request.first("origin");
    return new Pages(
        Optional.of(origin.orElse("*")),
        origin.isPresent() && key.allowCredentials(),
        true,
        origin.isEmpty());
  }

  private Decision refused(GatewayProblem problem, Scope scope, Optional<String> keyId) {
    // The console has no CORS; where it is hidden, its answer is that of any unknown path.
    boolean hidden = problem == CONTROL_PLANE;
    var pages = scope == Scope.ADMIN && !hidden ? Pages.NONE : Pages.ANY;
    return Decision.refused(problem, Optional.of(scope), keyId, pages);
  }
}
