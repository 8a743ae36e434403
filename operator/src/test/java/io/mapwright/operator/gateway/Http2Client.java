package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.decision.Field;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** Writes HTTP/2 frames by hand (RFC 9113), so that it can write what no proper client would. */
final class Http2Client implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final SSLSocket socket;
  private final DataInputStream in;

  Http2Client(Gateway gateway) throws IOException {
    socket = gateway.connect("127.0.0.1");
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new IOException("no h2");
    }
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** The status of the answer; 0 if the stream or the connection was reset. */
  int request(List<Field> fields, String body) throws IOException {
    return request(fields, body, List.of());
  }

  /** The same with fields after the body. */
  int request(List<Field> fields, String body, List<Field> trailers) throws IOException {
    boolean headOnly = body.isEmpty() && trailers.isEmpty();
    frame(HEADERS, END_HEADERS | (headOnly ? END_STREAM : 0), 1, Hpack.encode(fields));
    if (!body.isEmpty()) {
      frame(DATA, trailers.isEmpty() ? END_STREAM : 0, 1, body.getBytes(ISO_8859_1));
    }
    if (!trailers.isEmpty()) {
      frame(HEADERS, END_HEADERS | END_STREAM, 1, Hpack.encode(trailers));
    }
    try {
      return answer();
    } catch (IOException _) {
      return 0;
    }
  }

  /**
   * A request whose end comes on its own, after some milliseconds, in a DATA frame without data.
   */
  int endedByEmptyData(List<Field> fields, List<Field> trailers, long after) throws IOException {
    frame(HEADERS, END_HEADERS, 1, Hpack.encode(fields));
    Gateway.pause(after);
    if (trailers.isEmpty()) {
      frame(DATA, END_STREAM, 1, new byte[0]);
    } else {
      frame(HEADERS, END_HEADERS | END_STREAM, 1, Hpack.encode(trailers));
    }
    try {
      return answer();
    } catch (IOException _) {
      return 0;
    }
  }

  private int answer() throws IOException {
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      in.readInt();
      var payload = in.readNBytes(length);
      switch (type) {
        case HEADERS -> {
          return status(payload);
        }
        case RST_STREAM, GOAWAY -> {
          return 0;
        }
        case SETTINGS -> {
          if ((flags & 1) == 0) {
            frame(SETTINGS, 1, 0, new byte[0]);
          }
        }
        default -> {}
      }
    }
  }

  /**
   * HAProxy writes :status first: from the static table (RFC 7541, A), or as three plain digits.
   */
  private static int status(byte[] block) {
    int[] indexed = {200, 204, 206, 304, 400, 404, 500};
    int first = block[0] & 0xff;
    if (first >= 0x88 && first <= 0x8e) {
      return indexed[first - 0x88];
    }
    return Integer.parseInt(new String(block, 2, 3, ISO_8859_1));
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(payload.length >> 16);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(stream >> shift);
    }
    frame.writeBytes(payload);
    socket.getOutputStream().write(frame.toByteArray());
  }

  @Override
  public void close() throws IOException {
    // Java waits for the other side's close, which may be as long as a stream stays half open.
    socket.setSoTimeout(20);
    socket.close();
  }
}
