package io.mapwright.operator.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Speaks HTTP as a test says, well or badly: each connection is answered by one script. */
public final class RawServer implements AutoCloseable {
  /** What is written once the head of a request has come. */
  public interface Script {
    void play(String request, OutputStream out) throws IOException, InterruptedException;
  }

  private static final Pattern LENGTH =
      Pattern.compile("\\r\\ncontent-length: ([0-9]+)\\r\\n", Pattern.CASE_INSENSITIVE);

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();

  public RawServer(Script script) throws IOException {
    Thread.ofVirtual()
        .start(() -> {
          while (!listener.isClosed()) {
            try {
              var socket = listener.accept();
              Thread.ofVirtual().start(() -> serve(socket, script));
            } catch (IOException e) {
              // Closed at the end of the test.
            }
          }
        });
  }

  /** An answer with a body that ends with the connection. */
  public static void head(OutputStream out, int status, String... headers) throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + status + " So\r\nConnection: close\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    send(out, head + "\r\n");
  }

  public static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      var head = head(socket.getInputStream());
      requests.incrementAndGet();
      script.play(head, new Counting(socket.getOutputStream()));
    } catch (IOException | InterruptedException e) {
      // The client went away, which the tests are about.
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    var length = LENGTH.matcher(head);
    return length.find()
        ? head
            + new String(
                in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.ISO_8859_1)
        : head.toString();
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int requests() {
    return requests.get();
  }

  /** Bytes that the clients took, or their buffers. */
  public long written() {
    return written.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private final class Counting extends OutputStream {
    private final OutputStream out;

    Counting(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      written.incrementAndGet();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      written.addAndGet(length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
