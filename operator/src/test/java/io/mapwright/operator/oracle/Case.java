package io.mapwright.operator.oracle;

import io.mapwright.operator.decision.Client;
import io.mapwright.operator.decision.Field;
import io.mapwright.operator.decision.Http1;
import io.mapwright.operator.decision.Http2;
import io.mapwright.operator.decision.Request;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * One request as a client sends it.
 *
 * @param from the client's address on loopback
 * @param certificate whether the client shows a certificate of the control plane's authority
 */
record Case(String name, World world, String from, boolean certificate, Sent sent) {

  /** What goes over the wire; bytes are characters of ISO 8859-1. */
  sealed interface Sent {
    String body();
  }

  record OverHttp1(String head, String body) implements Sent {}

  /**
   * @param ownEnd whether a DATA frame of its own, without data, says that nothing follows
   */
  record OverHttp2(List<Field> fields, String body, boolean ownEnd) implements Sent {}

  /** As an HTTP parser reads it; empty if it should not. */
  Optional<Request> request() {
    var client = new Client(InetAddress.ofLiteral(from), certificate);
    return switch (sent) {
      case OverHttp1(var head, _) -> Http1.read(head, client);
      case OverHttp2(var fields, var body, _) -> Http2.read(fields, body.length(), client);
    };
  }

  boolean head() {
    return switch (sent) {
      case OverHttp1(var head, _) -> head.startsWith("HEAD ");
      case OverHttp2(var fields, _, _) -> fields.contains(new Field(":method", "HEAD"));
    };
  }
}
