package io.mapwright.operator.decision;

import io.mapwright.operator.gateway.Scope;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the map server sees of an admitted request; the request id is the gateway's to choose. */
public record Forward(String method, String target, List<Field> fields) {
  /** What data is asked for with; everything else a client says is left out. */
  private static final Pattern DATA =
      Pattern.compile(
          "accept(-.*)?|cache-control|content-(encoding|length|type)|expect|host|if-.*|pragma|range"
              + "|traceparent|tracestate|user-agent");

  /** What the console is not told, because proxies speak so, or because we do. */
  private static final Pattern NOT_FOR_CONSOLE =
      Pattern.compile(
          "connection|upgrade|keep-alive|te|trailer|proxy-.*|http2-settings|forwarded|x-forwarded-.*"
              + "|x-mapwright-.*|x-real-ip|true-client-ip|x-client-ip|x-cluster-client-ip|x-original-.*"
              + "|x-rewrite-.*|x-http-method.*|x-method-override|x-request-id|x-api-key|cookie");

  static Forward data(
      Request request, Target target, InetAddress client, Scope scope, Optional<String> keyId) {
    var kept =
        request.fields().stream().filter(field -> DATA.matcher(field.name()).matches()).toList();
    return new Forward(request.method(), target.text(), told(request, kept, client, scope, keyId));
  }

  static Forward console(
      Request request,
      Target target,
      InetAddress client,
      Optional<String> keyId,
      boolean bearer,
      Optional<String> cookie) {
    var kept =
        new ArrayList<>(
            request.fields().stream()
                .filter(field -> !NOT_FOR_CONSOLE.matcher(field.name()).matches())
                .filter(field -> !bearer || !field.name().equals("authorization"))
                .toList());
    cookie.ifPresent(value -> kept.add(new Field("cookie", value)));
    return new Forward(
        request.method(), target.text(), told(request, kept, client, Scope.ADMIN, keyId));
  }

  private static List<Field> told(
      Request request, List<Field> kept, InetAddress client, Scope scope, Optional<String> keyId) {
    var fields = new ArrayList<>(kept);
    fields.add(new Field("x-forwarded-for", client.getHostAddress()));
    fields.add(new Field("x-forwarded-proto", "https"));
    fields.add(new Field("x-forwarded-host", request.first("host").orElse("")));
    fields.add(new Field("x-mapwright-scope", scope.word()));
    keyId.ifPresent(id -> fields.add(new Field("x-mapwright-key-id", id)));
    return List.copyOf(fields);
  }
}
