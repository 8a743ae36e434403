package io.mapwright.operator.decision;

import static io.mapwright.operator.gateway.GatewayProblem.BODY_LENGTH;
import static io.mapwright.operator.gateway.GatewayProblem.BODY_SIZE;
import static io.mapwright.operator.gateway.GatewayProblem.METHOD;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_BODY;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_BYTES;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_HEADERS;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_HOST;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_PATH;
import static io.mapwright.operator.gateway.GatewayProblem.REQUEST_TARGET;
import static io.mapwright.operator.gateway.GatewayProblem.UNKNOWN_HOST;
import static io.mapwright.operator.gateway.GatewayProblem.URI_SIZE;

import io.mapwright.operator.gateway.GatewayProblem;
import io.mapwright.operator.gateway.GatewaySettings;
import io.mapwright.operator.gateway.Limits;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One meaning per request, checked before the client is identified. */
final class Shape {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final Set<String> DECIDING =
      Set.of("authorization", "content-type", "cookie", "origin", "referer", "x-api-key");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private Shape() {}

  /** The first problem; ambiguity is reported before excess. */
  static Optional<GatewayProblem> problem(
      Request request, Target target, GatewaySettings settings) {
    if (!request.target().startsWith("/")) {
      return Optional.of(REQUEST_TARGET);
    }
    if (request.all("host").size() != 1
        || !HOST.matcher(request.all("host").getFirst()).matches()) {
      return Optional.of(REQUEST_HOST);
    }
    if (DECIDING.stream().anyMatch(name -> request.all(name).size() > 1)) {
      return Optional.of(REQUEST_HEADERS);
    }
    if (request.fields().stream().anyMatch(field -> holdsControls(field.value()))) {
      return Optional.of(REQUEST_BYTES);
    }
    if (PathShape.ambiguous(target)) {
      return Optional.of(REQUEST_PATH);
    }
    if (target.text().length() > settings.limits().maxUriBytes()
        || target.query().orElse("").split("&", -1).length > Limits.MAX_PARAMETERS) {
      return Optional.of(URI_SIZE);
    }
    return body(request, settings)
        .or(() -> METHODS.contains(request.method()) ? Optional.empty() : Optional.of(METHOD))
        .or(() -> host(request, settings));
  }

  private static boolean holdsControls(String value) {
    return value.chars().anyMatch(c -> Characters.control((char) c) && c != '\t');
  }

  private static Optional<GatewayProblem> body(Request request, GatewaySettings settings) {
    boolean takesBody = WITH_BODY.contains(request.method()) || request.method().equals("DELETE");
    if (request.body() && !takesBody) {
      return Optional.of(REQUEST_BODY);
    }
    var length = request.first("content-length");
    if (request.has("transfer-encoding")
        || (length.isEmpty() && (request.body() || WITH_BODY.contains(request.method())))) {
      return Optional.of(BODY_LENGTH);
    }
    boolean large =
        length.isPresent() && Long.parseLong(length.get()) > settings.limits().maxBodyBytes();
    return large ? Optional.of(BODY_SIZE) : Optional.empty();
  }

  private static Optional<GatewayProblem> host(Request request, GatewaySettings settings) {
    var host = hostName(request);
    boolean known =
        settings.publicHosts().isEmpty()
            || settings.publicHosts().contains(host)
            || settings.controlPlane().hosts().contains(host);
    return known ? Optional.empty() : Optional.of(UNKNOWN_HOST);
  }

  /** The name that the client asked for, without port and in lower case. */
  static String hostName(Request request) {
    return request
        .first("host")
        .orElse("")
        .replaceFirst(":[0-9]+$", "")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
