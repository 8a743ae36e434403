package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every answer that the gateway gives by itself, as problem details (RFC 9457). The code is stable:
 * it is the last part of {@code type}, the {@code rule} of log lines and a label of metrics.
 */
public enum GatewayProblem {
  REQUEST_TARGET(400, "Bad request target", "Send the path and query only, starting with a slash."),
  REQUEST_HOST(400, "Bad Host", "Send exactly one Host."),
  REQUEST_HEADERS(400, "Ambiguous headers", "A header that decides about access was sent twice."),
  REQUEST_BYTES(400, "Control bytes", "A header holds control bytes."),
  REQUEST_PATH(400, "Ambiguous path", "The path can be read in more than one way."),
  REQUEST_BODY(400, "Unexpected body", "This method takes no body."),
  KEY_CONFLICT(400, "Two keys", "The request carries two different API keys."),
  KEY_MISPLACED(
      400, "Misplaced key", "Send the API key as ?key=, as a Bearer token or in X-Api-Key only."),
  COOKIE_AMBIGUOUS(400, "Ambiguous cookie", "The session cookie was sent in an ambiguous form."),
  KEY_MISSING(
      401, "API key required", "Send an API key as ?key=, as a Bearer token or in X-Api-Key."),
  KEY_MALFORMED(
      401, "Not an API key", "The API key is incomplete or mistyped: its checksum does not match."),
  KEY_UNKNOWN(401, "Unknown API key", "The API key does not exist here or was revoked."),
  KEY_EXPIRED(401, "Expired API key", "The API key has expired."),
  PLAIN_HTTP(
      403,
      "Key sent in the clear",
      "Use https, and replace this API key: it was readable on the way."),
  KEY_SCOPE(403, "Scope missing", "The API key does not hold the scope that this path needs."),
  ORIGIN_MISSING(
      403, "Origin required", "This API key is for web pages: the request names no origin."),
  ORIGIN_DENIED(403, "Origin not allowed", "This API key may not be used from this origin."),
  UNKNOWN_PATH(404, "Not found", "There is nothing at this path."),
  /**
   * Logged when the control plane is requested from a place that may not reach it; the answer is
   * that of an unknown path.
   */
  CONTROL_PLANE(404, "Not found", "There is nothing at this path."),
  METHOD(405, "Method not allowed", "This path does not take this method."),
  BODY_LENGTH(411, "Length required", "Send a Content-Length instead of a chunked body."),
  BODY_SIZE(413, "Body too large", "The body is larger than this server takes."),
  URI_SIZE(
      414,
      "URI too long",
      "The path and query are longer, or have more parameters, than this server takes."),
  UNKNOWN_HOST(421, "Unknown host", "This server does not answer for this host name."),
  RATE_BURST(
      429,
      "Too many requests at once",
      "Slow down: more requests in one second than this key may send."),
  RATE_SUSTAINED(
      429, "Too many requests", "Slow down: more requests in ten seconds than this key may send."),
  RATE_CLIENT(
      429,
      "Too many requests",
      "Slow down: more requests in ten seconds than one client may send."),
  BAD_KEYS(
      429,
      "Too many refused keys",
      "Too many requests with refused API keys from this address.",
      20),
  LOGINS(429, "Too many sign-ins", "Too many sign-in attempts from this address.", 120),
  NOT_READY(503, "Starting", "The gateway has not received its key table yet.", 1),
  TABLE_STALE(
      503,
      "Keys cannot be checked",
      "The gateway has not heard for too long which API keys are still valid.",
      10),
  /** HAProxy's own refusal of what it cannot parse or decode. */
  MALFORMED(400, "Bad request", "The request is not valid HTTP."),
  TIMEOUT(408, "Request timeout", "The request did not arrive in time."),
  INTERNAL(500, "Internal error", "The gateway failed."),
  BAD_GATEWAY(502, "Bad answer", "The map server gave an answer that is not valid HTTP."),
  UNAVAILABLE(503, "Map server unavailable", "The map server cannot be reached.", 5),
  SERVER_TIMEOUT(504, "Map server timeout", "The map server did not answer in time.");

  /** URL of the documentation of problems; followed by the code. */
  public static final String TYPE_BASE = "https://mapwright.io/problems/";

  private static final Set<Scope> DATA =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Scope.ADMIN)));

  private final int status;
  private final String title;
  private final String detail;
  private final int retryAfter;

  GatewayProblem(int status, String title, String detail) {
    this(status, title, detail, 0);
  }

  GatewayProblem(int status, String title, String detail, int retryAfter) {
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String detail() {
    return detail;
  }

  /**
   * Seconds after which a retry is admitted, if nothing else is sent: two periods of the underlying
   * counter. Empty if waiting does not help, and if it depends on the limit of a key.
   */
  public OptionalInt retryAfter() {
    return retryAfter == 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
  }

  /** Whether a limit of the key was exceeded; the time to wait depends on that limit. */
  boolean ofKeyLimit() {
    return EnumSet.range(RATE_BURST, RATE_CLIENT).contains(this);
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The scopes that this can be counted under; {@code none} before the path is looked up. */
  List<String> scopeLabels() {
    return switch (this) {
      case COOKIE_AMBIGUOUS, LOGINS, CONTROL_PLANE -> labels(EnumSet.of(Scope.ADMIN));
      case METHOD -> Stream.concat(Stream.of("none"), labels(DATA).stream()).toList();
      case KEY_CONFLICT,
          KEY_MISPLACED,
          KEY_MISSING,
          KEY_MALFORMED,
          KEY_UNKNOWN,
          KEY_EXPIRED,
          KEY_SCOPE,
          BAD_KEYS,
          NOT_READY,
          TABLE_STALE ->
          labels(EnumSet.allOf(Scope.class));
      case ORIGIN_MISSING, ORIGIN_DENIED, RATE_BURST, RATE_SUSTAINED, RATE_CLIENT -> labels(DATA);
      default -> List.of("none");
    };
  }

  /** Every code as the Markdown table of {@code docs/problems.md}. */
  public static String table() {
    return "| code | status | title | detail |\n|---|---|---|---|\n"
        + Stream.of(values())
            .filter(problem -> problem == problem.shown())
            .map(problem ->
                "| `%s` | %d | %s | %s |\n"
                    .formatted(problem.code(), problem.status(), problem.title(), problem.detail()))
            .collect(Collectors.joining());
  }

  private static List<String> labels(Set<Scope> scopes) {
    return scopes.stream().map(Scope::text).toList();
  }

  /** Whether HAProxy answers this by itself, outside our rules. */
  boolean ofHaproxy() {
    return EnumSet.range(MALFORMED, SERVER_TIMEOUT).contains(this);
  }

  /** The problem as the client sees it: a hidden control plane is an unknown path in every byte. */
  public GatewayProblem shown() {
    return this == CONTROL_PLANE ? UNKNOWN_PATH : this;
  }

  public String type() {
    return TYPE_BASE + shown().code();
  }
}
