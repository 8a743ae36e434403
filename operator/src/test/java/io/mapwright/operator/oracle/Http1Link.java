package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.decision.Field;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 with keep-alive; several requests at once are pipelined. */
final class Http1Link implements Link {
  private final Socket socket;
  private final InputStream in;
  private boolean usable = true;

  Http1Link(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
  }

  @Override
  public List<Answer> ask(List<Case> cases) {
    var bytes = new ByteArrayOutputStream();
    for (var asked : cases) {
      var sent = (Case.OverHttp1) asked.sent();
      bytes.writeBytes((sent.head() + sent.body()).getBytes(ISO_8859_1));
    }
    var answers = new ArrayList<Answer>();
    try {
      socket.getOutputStream().write(bytes.toByteArray());
      for (var asked : cases) {
        answers.add(read(asked.head()));
      }
    } catch (SocketTimeoutException _) {
      usable = false;
      answers.add(Answer.SILENCE);
    } catch (IOException _) {
      usable = false;
    }
    while (answers.size() < cases.size()) {
      answers.add(Answer.CLOSED);
    }
    return answers;
  }

  private Answer read(boolean head) throws IOException {
    var start = line();
    if (!start.startsWith("HTTP/1.")) {
      throw new EOFException("no answer");
    }
    int status = Integer.parseInt(start.substring(9, 12));
    var fields = new ArrayList<Field>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields.add(
          new Field(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim()));
    }
    if (status == 100) {
      return read(head);
    }
    var answer = new Answer(status, List.copyOf(fields), "");
    usable = !answer.all("connection").contains("close");
    if (head || status == 204 || status == 304) {
      return answer;
    }
    var length = answer.first("content-length");
    var body = length.isPresent() ? in.readNBytes(Integer.parseInt(length.get())) : rest();
    return new Answer(status, answer.fields(), new String(body, ISO_8859_1));
  }

  private byte[] rest() throws IOException {
    usable = false;
    return in.readAllBytes();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
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
