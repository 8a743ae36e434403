package io.mapwright.operator.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.decision.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of RFC 7541 as HAProxy writes: names of the static table, literals without Huffman
 * coding. Everything sent is a literal, so that any bytes can be.
 */
public final class Hpack {
  /** RFC 7541, A, from number 1 on. */
  private static final List<Field> STATIC =
      List.of(
              "x/",
              ":authority/",
              ":method/GET",
              ":method/POST",
              ":path//",
              ":path//index.html",
              ":scheme/http",
              ":scheme/https",
              ":status/200",
              ":status/204",
              ":status/206",
              ":status/304",
              ":status/400",
              ":status/404",
              ":status/500",
              "accept-charset/",
              "accept-encoding/gzip, deflate",
              "accept-language/",
              "accept-ranges/",
              "accept/",
              "access-control-allow-origin/",
              "age/",
              "allow/",
              "authorization/",
              "cache-control/",
              "content-disposition/",
              "content-encoding/",
              "content-language/",
              "content-length/",
              "content-location/",
              "content-range/",
              "content-type/",
              "cookie/",
              "date/",
              "etag/",
              "expect/",
              "expires/",
              "from/",
              "host/",
              "if-match/",
              "if-modified-since/",
              "if-none-match/",
              "if-range/",
              "if-unmodified-since/",
              "last-modified/",
              "link/",
              "location/",
              "max-forwards/",
              "proxy-authenticate/",
              "proxy-authorization/",
              "range/",
              "referer/",
              "refresh/",
              "retry-after/",
              "server/",
              "set-cookie/",
              "strict-transport-security/",
              "transfer-encoding/",
              "user-agent/",
              "vary/",
              "via/",
              "www-authenticate/")
          .stream()
          .map(text -> new Field(text.split("/", 2)[0], text.split("/", 2)[1]))
          .toList();

  private Hpack() {}

  public static byte[] encode(List<Field> fields) {
    var block = new ByteArrayOutputStream();
    for (var field : fields) {
      block.write(0);
      text(block, field.name());
      text(block, field.value());
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int rest = text.length();
    if (rest < 127) {
      block.write(rest);
    } else {
      block.write(127);
      for (rest -= 127; rest >= 128; rest /= 128) {
        block.write(rest % 128 + 128);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  public static List<Field> decode(byte[] block) throws IOException {
    var in = ByteBuffer.wrap(block);
    var fields = new ArrayList<Field>();
    while (in.hasRemaining()) {
      int first = in.get(in.position()) & 0xff;
      if (first >= 0x80) {
        fields.add(known(number(in, 7)));
      } else if (first >= 0x20 && first < 0x40) {
        number(in, 5);
      } else {
        int index = number(in, first >= 0x40 ? 6 : 4);
        var name = index == 0 ? text(in) : known(index).name();
        fields.add(new Field(name, text(in)));
      }
    }
    return fields;
  }

  private static Field known(int index) throws IOException {
    if (index < 1 || index >= STATIC.size()) {
      throw new IOException("HPACK index " + index + " is not in the static table");
    }
    return STATIC.get(index);
  }

  private static int number(ByteBuffer in, int bits) {
    int mask = (1 << bits) - 1;
    int value = in.get() & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; ; shift += 7) {
      int next = in.get() & 0xff;
      value += (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
  }

  private static String text(ByteBuffer in) throws IOException {
    if ((in.get(in.position()) & 0x80) != 0) {
      throw new IOException("HPACK text in Huffman coding");
    }
    var bytes = new byte[number(in, 7)];
    in.get(bytes);
    return new String(bytes, ISO_8859_1);
  }
}
