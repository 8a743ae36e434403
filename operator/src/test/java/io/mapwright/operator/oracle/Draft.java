package io.mapwright.operator.oracle;

import io.mapwright.operator.decision.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request while it is being bent out of shape. */
final class Draft {
  boolean http2;
  boolean ownEnd;
  String scheme = "https";
  String method = "GET";
  String path = "/";
  final List<String> query = new ArrayList<>();
  String suffix = "";
  String beforePath = "";
  String version = "HTTP/1.1";
  String host = Places.HOST;
  final List<Field> fields = new ArrayList<>();
  String body = "";
  boolean length = true;
  String from = "127.0.0.1";
  boolean certificate;

  String target() {
    var text = query.isEmpty() ? "" : "?" + String.join("&", query);
    return beforePath + path + text + suffix;
  }

  void add(String name, String value) {
    fields.add(new Field(name, value));
  }

  Case finish(String name, World world) {
    return new Case(name, world, from, certificate, http2 ? fields() : bytes());
  }

  private boolean declaresLength() {
    return length && (!body.isEmpty() || method.equals("POST") || method.equals("PUT"));
  }

  private Case.Sent bytes() {
    // An answer before the body is read, and the end of the connection with it, may get lost.
    boolean keeps = body.isEmpty() && promised().isEmpty();
    var protocol = keeps ? version : "HTTP/1.1";
    var head = new StringBuilder(method + " " + target() + " " + protocol + "\r\n");
    if (!host.isEmpty()) {
      head.append("Host: ").append(host).append("\r\n");
    }
    for (var field : fields) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    if (declaresLength()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return new Case.OverHttp1(head + "\r\n", declaresLength() ? body : promised());
  }

  /** A body as long as a length that was added by hand, so that nobody waits for it. */
  private String promised() {
    return fields.stream()
        .filter(field -> field.name().equals("Content-Length"))
        .filter(field -> field.value().matches("([0-9]{1,4})(, \\1)?"))
        .map(field -> "x".repeat(Integer.parseInt(field.value().replaceFirst(",.*", ""))))
        .findFirst()
        .orElse("");
  }

  private Case.Sent fields() {
    var all = new ArrayList<Field>();
    all.add(new Field(":method", method));
    all.add(new Field(":scheme", scheme));
    if (!host.isEmpty()) {
      all.add(new Field(":authority", host));
    }
    all.add(new Field(":path", target()));
    for (var field : fields) {
      all.add(new Field(field.name().toLowerCase(Locale.ROOT), field.value()));
    }
    if (declaresLength()) {
      all.add(new Field("content-length", Integer.toString(body.length())));
    }
    return new Case.OverHttp2(List.copyOf(all), body, ownEnd);
  }
}
