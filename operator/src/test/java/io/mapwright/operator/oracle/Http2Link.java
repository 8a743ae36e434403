package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.decision.Field;
import io.mapwright.operator.gateway.Hpack;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/** HTTP/2 with a stream for each request; it can send what no decent client would. */
final class Http2Link implements Link {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int next = 1;
  private boolean usable = true;

  static Http2Link negotiated(SSLSocket socket) throws IOException {
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new IOException(
          "port %d does not offer HTTP/2: %s, certificate of %s"
              .formatted(
                  socket.getPort(), socket.getSession(), socket.getSession().getPeerPrincipal()));
    }
    return new Http2Link(socket);
  }

  Http2Link(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 14));
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(SETTINGS, 0, 0, new byte[0]);
    frame(WINDOW_UPDATE, 0, 0, new byte[] {0x3f, -1, 0, 0});
    flush();
  }

  private static final class Stream {
    final List<Field> fields = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean ended;

    Answer answer() {
      var status =
          fields.stream()
              .filter(field -> field.name().equals(":status"))
              .map(Field::value)
              .findFirst();
      return status
          .map(text ->
              new Answer(Integer.parseInt(text), List.copyOf(fields), body.toString(ISO_8859_1)))
          .orElse(Answer.CLOSED);
    }
  }

  @Override
  public List<Answer> ask(List<Case> cases) {
    var streams = new HashMap<Integer, Stream>();
    int first = next;
    for (var asked : cases) {
      var sent = (Case.OverHttp2) asked.sent();
      boolean bodiless = sent.body().isEmpty() && !sent.ownEnd();
      frame(HEADERS, END_HEADERS | (bodiless ? END_STREAM : 0), next, Hpack.encode(sent.fields()));
      if (!bodiless) {
        frame(DATA, END_STREAM, next, sent.body().getBytes(ISO_8859_1));
      }
      streams.put(next, new Stream());
      next += 2;
    }
    try {
      flush();
      while (usable && streams.values().stream().anyMatch(stream -> !stream.ended)) {
        receive(streams);
      }
    } catch (SocketTimeoutException _) {
      usable = false;
      return Collections.nCopies(cases.size(), Answer.SILENCE);
    } catch (IOException _) {
      usable = false;
    }
    var answers = new ArrayList<Answer>();
    for (int id = first; id < next; id += 2) {
      var stream = streams.get(id);
      answers.add(stream == null ? Answer.CLOSED : stream.answer());
    }
    return answers;
  }

  private void receive(Map<Integer, Stream> streams) throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int id = in.readInt() & 0x7fffffff;
    var payload = in.readNBytes(length);
    var stream = streams.getOrDefault(id, new Stream());
    switch (type) {
      case HEADERS -> {
        if ((flags & END_HEADERS) == 0) {
          throw new IOException("an answer's head in several frames");
        }
        stream.fields.clear(); // of a 100 before
        stream.fields.addAll(Hpack.decode(payload));
        stream.ended |= (flags & END_STREAM) != 0;
      }
      case DATA -> {
        stream.body.writeBytes(payload);
        stream.ended |= (flags & END_STREAM) != 0;
      }
      case RST_STREAM -> stream.ended = true;
      case GOAWAY -> usable = false;
      case SETTINGS -> {
        if ((flags & 1) == 0) {
          frame(SETTINGS, 1, 0, new byte[0]);
          flush();
        }
      }
      case PING -> {
        if ((flags & 1) == 0) {
          frame(PING, 1, 0, payload);
          flush();
        }
      }
      default -> {}
    }
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >> shift);
    }
    out.writeBytes(payload);
  }

  private void flush() throws IOException {
    socket.getOutputStream().write(out.toByteArray());
    out.reset();
  }

  @Override
  public boolean usable() {
    return usable;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // it is of no further use either way
    }
  }
}
