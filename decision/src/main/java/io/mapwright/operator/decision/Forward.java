package io.mapwright.operator.decision;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the map server sees of an admitted request; the request id is the gateway's to choose. */
public record Forward(String method, String target, List<Field> fields) {
  /** Headers of requests for data; all others are removed. */
  private static final Pattern DATA =
      Pattern.compile(
          "accept(-.*)?|cache-control|content-(encoding|length|type)|expect|host|if-.*|pragma|range"
              + "|traceparent|tracestate|user-agent");

  /** Headers of requests to a web console: those of browsers, and those that its own pages add. */
  private static final Pattern CONSOLE =
      Pattern.compile(
          "accept(-.*)?|access-control-request-.*|apollo-require-preflight|authorization"
              + "|cache-control|content-(disposition|encoding|language|length|range|type)"
              + "|csrf-token|dnt|expect|host|hx-.*|if-.*|last-event-id|next-.*|origin|pragma|prefer"
              + "|priority|range|referer|rsc|save-data|sec-(ch|fetch)-.*|sec-gpc|traceparent"
              + "|tracestate|turbo-frame|upgrade-insecure-requests|user-agent|x-csrf-.*|x-csrftoken"
              + "|x-inertia(-.*)?|x-nextjs-.*|x-requested-with|x-turbo-request-id|x-xsrf-token");

  static Forward data(
      Request request, Target target, InetAddress client, Scope scope, Optional<String> keyId) {
    var kept =
        request.fields().stream().filter(field -> DATA.matcher(field.name()).matches()).toList();
    return new Forward(
        request.method(), target.text(), headers(request, kept, client, scope, keyId));
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
                .filter(field -> CONSOLE.matcher(field.name()).matches())
                .filter(field -> !bearer || !field.name().equals("authorization"))
                .toList());
    cookie.ifPresent(value -> kept.add(new Field("cookie", value)));
    return new Forward(
        request.method(), target.text(), headers(request, kept, client, Scope.ADMIN, keyId));
  }

  private static List<Field> headers(
      Request request, List<Field> kept, InetAddress client, Scope scope, Optional<String> keyId) {
    var fields = new ArrayList<>(kept);
    fields.replaceAll(
        field -> field.name().equals("host") ? new Field("host", Shape.hostName(request)) : field);
    fields.add(new Field("x-forwarded-for", client.getHostAddress()));
    fields.add(new Field("x-forwarded-proto", "https"));
    fields.add(new Field("x-forwarded-host", Shape.hostName(request)));
    fields.add(new Field("x-mapwright-scope", scope.text()));
    keyId.ifPresent(id -> fields.add(new Field("x-mapwright-key-id", id)));
    return List.copyOf(fields);
  }
}
