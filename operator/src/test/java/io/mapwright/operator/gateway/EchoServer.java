package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A map server that remembers what exactly it was sent, and answers what a test wants. */
public final class EchoServer implements AutoCloseable {

  /** A request as it arrived: the head's lines and the decoded body. */
  public record Seen(List<String> lines, String body) {
    String target() {
      return lines.getFirst().split(" ", -1)[1];
    }

    String raw() {
      return String.join("\n", lines) + "\n\n" + body;
    }

    List<String> header(String name) {
      return lines.stream()
          .skip(1)
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).trim())
          .toList();
    }
  }

  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final ServerSocket socket;
  private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<Seen, String> answer = _ -> OK;

  EchoServer() throws IOException {
    socket = new ServerSocket(0, 512, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  public List<Seen> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** So that a long run does not remember every request. */
  public void forget() {
    seen.clear();
  }

  public void answer(Function<Seen, String> function) {
    answer = function;
  }

  /** Answer with these headers, each line closed by CRLF. */
  void answerWith(String headers) {
    answer = _ -> "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: 2\r\n\r\nok";
  }

  private void accept() {
    try {
      while (true) {
        var client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // closed: the test is over
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedInputStream(client.getInputStream());
      for (var lines = Reply.head(in); !lines.isEmpty(); lines = Reply.head(in)) {
        var request = new Seen(List.copyOf(lines), "");
        var length = request.header("content-length");
        var body = "";
        if (!request.header("transfer-encoding").isEmpty()) {
          body = Reply.chunks(in);
        } else if (!length.isEmpty()) {
          body = new String(in.readNBytes(Integer.parseInt(length.getFirst())), ISO_8859_1);
        }
        request = new Seen(request.lines(), body);
        seen.add(request);
        var reply = answer.apply(request);
        var head = request.lines().getFirst().toUpperCase(Locale.ROOT).startsWith("HEAD ");
        client
            .getOutputStream()
            .write(
                (head ? reply.substring(0, reply.indexOf("\r\n\r\n") + 4) : reply)
                    .getBytes(ISO_8859_1));
      }
    } catch (IOException _) {
      // the gateway closed the connection
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
