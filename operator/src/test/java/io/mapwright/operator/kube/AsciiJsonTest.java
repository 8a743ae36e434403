package io.mapwright.operator.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AsciiJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Characters of one to four bytes, an escape, and what looks like one. */
  private static final String TEXT =
      "{\"name\":\"Zürich\",\"\u20ac\":[\"\ud83d\uddfa\",\"\\u00e9\",\"\\\\u00e9\",\"東京\"],\"n\":1}\n";

  private static String joined(byte[] bytes, int... cuts) {
    var stream = new AsciiJson();
    var result = new StringBuilder();
    var from = 0;
    for (var cut : cuts) {
      result.append(ascii(stream.next(ByteBuffer.wrap(bytes, from, cut - from))));
      from = cut;
    }
    return result
        .append(ascii(stream.next(ByteBuffer.wrap(bytes, from, bytes.length - from))))
        .toString();
  }

  /** As the client reads it: the whole array behind the decoded characters. */
  private static String ascii(ByteBuffer bytes) {
    return new String(UTF_8.decode(bytes).array());
  }

  @Test
  void anyCutGivesTheSameJson() throws Exception {
    var bytes = TEXT.getBytes(UTF_8);
    var expected = JSON.readTree(TEXT);
    for (var first = 0; first <= bytes.length; first++) {
      for (var second = first; second <= bytes.length; second++) {
        var text = joined(bytes, first, second);
        assertThat(JSON.readTree(text)).as("cut at %s and %s", first, second).isEqualTo(expected);
        assertThat(text).isEqualTo(joined(bytes));
      }
    }
  }

  @Test
  void whatIsAsciiIsPassedOnAsItIs() {
    var bytes = ByteBuffer.wrap("{\"a\":1}\n".getBytes(UTF_8));
    assertThat(new AsciiJson().next(bytes)).isSameAs(bytes);
  }

  @Test
  void eachByteAloneGivesTheSameJson() {
    var bytes = TEXT.getBytes(UTF_8);
    var cuts = new int[bytes.length];
    Arrays.setAll(cuts, i -> i);
    assertThat(joined(bytes, cuts)).isEqualTo(joined(bytes));
  }

  @Test
  void damagedBytesAreReplacedAndNothingElse() {
    var bytes = new byte[] {'"', (byte) 0xc3, '"', '\n'};
    assertThat(joined(bytes)).isEqualTo("\"\\ufffd\"\n");
  }
}
