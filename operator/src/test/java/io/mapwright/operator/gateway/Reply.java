package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One HTTP/1.1 answer as it came over the wire. */
record Reply(int status, List<String> headers, String body) {

  static Reply read(InputStream in, boolean head) throws IOException {
    var lines = head(in);
    if (lines.isEmpty()) {
      throw new EOFException("no answer");
    }
    int status = Integer.parseInt(lines.getFirst().split(" ", 3)[1]);
    var headers = List.copyOf(lines.subList(1, lines.size()));
    if (status == 100) {
      return read(in, head);
    }
    var empty = new Reply(status, headers, "");
    boolean bodiless = head || status == 204 || status == 304 || status == 101;
    return bodiless ? empty : new Reply(status, headers, body(in, empty));
  }

  private static String body(InputStream in, Reply head) throws IOException {
    if (head.header("transfer-encoding").isPresent()) {
      return chunks(in);
    }
    var length = head.header("content-length");
    var bytes =
        length.isPresent() ? in.readNBytes(Integer.parseInt(length.get())) : in.readAllBytes();
    return new String(bytes, ISO_8859_1);
  }

  /** The start line and the header lines; empty at the end of the stream. */
  static List<String> head(InputStream in) throws IOException {
    var lines = new ArrayList<String>();
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      var text = line.toString(ISO_8859_1);
      text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      if (text.isEmpty()) {
        return lines;
      }
      lines.add(text);
      line.reset();
    }
    return List.of();
  }

  static String chunks(InputStream in) throws IOException {
    var body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line(in).split(";", -1)[0].trim(), 16);
      body.append(new String(in.readNBytes(size), ISO_8859_1));
      line(in);
      if (size == 0) {
        return body.toString();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("answer ends inside a chunk");
      }
      text.append((char) b);
    }
    return text.toString().trim();
  }

  Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  List<String> all(String name) {
    return headers.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).trim())
        .toList();
  }

  /** The stable code of a problem, or nothing if this is no problem document. */
  String problem() {
    var start = body.indexOf("\"code\":\"");
    return start < 0 ? "" : body.substring(start + 8, body.indexOf('"', start + 8));
  }
}
