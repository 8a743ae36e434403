package io.mapwright.operator.oracle;

import io.mapwright.operator.gateway.Gateway;
import io.mapwright.operator.gateway.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** One worker's connections: one for each protocol, address and certificate. */
final class Links implements AutoCloseable {
  private static final SSLContext ANONYMOUS = TestCertificates.client("");
  private static final SSLContext KNOWN = TestCertificates.client("stranger");

  /** Requests that share a connection. */
  record Route(boolean http2, String from, boolean certificate) {
    static Route of(Case asked) {
      return new Route(asked.sent() instanceof Case.OverHttp2, asked.from(), asked.certificate());
    }
  }

  private final Gateway gateway;
  private final int side;
  private final Map<Route, Link> open = new HashMap<>();

  Links(Gateway gateway, int side) {
    this.gateway = gateway;
    this.side = side;
  }

  /** Ask together; what finds its connection closed is asked again alone, on a new one. */
  List<Answer> together(List<Case> cases) throws IOException {
    var answers = new ArrayList<>(link(Route.of(cases.getFirst())).ask(cases));
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).status() <= 0) {
        answers.set(i, alone(cases.get(i)));
      }
    }
    return answers;
  }

  /**
   * Ask on a connection that nobody has used before, and nobody will after; once more if it is cut,
   * as the kernel may do to an answer that comes before all of the request was read.
   */
  Answer alone(Case asked) throws IOException {
    var answer = once(asked);
    return answer.status() == 0 ? once(asked) : answer;
  }

  private Answer once(Case asked) throws IOException {
    try (var link = asked.certificate() ? connect(Route.of(asked)) : aside(Route.of(asked))) {
      return link.ask(List.of(asked)).getFirst();
    }
  }

  private Link link(Route route) throws IOException {
    var link = open.get(route);
    if (link == null || !link.usable()) {
      if (link != null) {
        link.close();
      }
      link = connect(route);
      open.put(route, link);
    }
    return link;
  }

  private Link aside(Route route) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(route.from()), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), side), 3000);
    socket.setSoTimeout(8000);
    return route.http2() ? new Http2Link(socket) : new Http1Link(socket);
  }

  private Link connect(Route route) throws IOException {
    var socket =
        gateway.tls(
            route.certificate() ? KNOWN : ANONYMOUS,
            route.from(),
            gateway.settings.ports().https());
    return route.http2() ? Http2Link.negotiated(socket) : new Http1Link(socket);
  }

  @Override
  public void close() {
    open.values().forEach(Link::close);
  }
}
