package io.mapwright.operator.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A map server that answers anyone who asks without an end, or so slowly that there is none. */
final class HostileMapServer implements AutoCloseable {
  /** What it does with one that asks. */
  enum Answer {
    /** An error whose body never ends, as fast as it is read. */
    ENDLESS("HTTP/1.1 500 Error\r\nContent-Length: 9999999999999\r\n\r\n", "x".repeat(65_536), 0),
    /** A head, a byte a second. */
    SLOW_HEAD("HTTP/1.1 200 OK\r\nX-Filler: ", "x", 1000),
    /** A body of which nothing comes. */
    NO_BODY("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "", 1000);

    private final String head;
    private final String more;
    private final Duration pause;

    Answer(String head, String more, int pauseMillis) {
      this.head = head;
      this.more = more;
      pause = Duration.ofMillis(pauseMillis);
    }
  }

  private final ServerSocket listener;
  private final Answer answer;
  private final AtomicLong sent = new AtomicLong();

  HostileMapServer(String address, int port, Answer answer) throws IOException {
    listener = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    this.answer = answer;
    Thread.ofVirtual().start(this::acceptAll);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var out = socket.getOutputStream();
      var more = answer.more.getBytes(StandardCharsets.US_ASCII);
      out.write(answer.head.getBytes(StandardCharsets.US_ASCII));
      sent.addAndGet(answer.head.length());
      while (!listener.isClosed()) {
        out.write(more);
        out.flush();
        sent.addAndGet(more.length);
        LockSupport.parkNanos(answer.pause.toNanos());
      }
    } catch (IOException e) {
      // The operator went away, which is hoped for.
      Thread.onSpinWait();
    }
  }

  /** Bytes that were sent. */
  long sent() {
    return sent.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
