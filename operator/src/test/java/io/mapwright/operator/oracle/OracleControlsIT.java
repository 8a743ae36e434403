package io.mapwright.operator.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mapwright.operator.gateway.GatewayAttackIT;
import io.mapwright.operator.gateway.Removal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Proves that the oracle can fail: with one protection taken out, it notices by itself. Part of
 * {@code make oracle}; {@code -Dmapwright.oracle.controls=true} runs it anywhere.
 */
class OracleControlsIT {
  private static final int ROUND = 2000;
  private static final int ROUNDS = 10;
  private static final List<String> NOTICED =
      List.of(
          "fast path: method",
          "fast path: plain path over HTTP/1.1",
          "fast path: plain path over HTTP/2",
          "fast path: whole query",
          "fast path: headers",
          "fast path: current",
          "fast path: scopes of a key",
          "fast path: pages that may",
          "fast path: keys with pages",
          "dot segments and odd bytes refused",
          "slashes merged, escapes resolved",
          "unknown path is 404",
          "control plane gate",
          "control plane host",
          "one host",
          "known hosts only",
          "origin-form targets only",
          "control bytes refused",
          "no deciding header twice",
          "no chunked bodies",
          "URI size",
          "data headers are a positive list",
          "methods",
          "methods of data",
          "unasked bodies",
          "keys that end at a semicolon",
          "two keys refused",
          "key checksum",
          "key missing",
          "key unknown",
          "key expiry",
          "key scope",
          "key stripped",
          "key in the wrong place",
          "foreign origin",
          "missing origin",
          "origins with a star",
          "cookie signature",
          "cookie age",
          "ambiguous cookie refused");

  @TestFactory
  Stream<DynamicNode> noticesARemovedProtection() {
    assumeTrue(Boolean.getBoolean("mapwright.oracle.controls"), "only in make oracle");
    return GatewayAttackIT.onEach(haproxy ->
        NOTICED.stream().map(name -> DynamicTest.dynamicTest(name, () -> run(haproxy, name))));
  }

  private static void run(Path haproxy, String protection) throws IOException {
    var edit = Objects.requireNonNull(Removal.edits().get(protection), protection);
    var generator = new Generator(1);
    try (var oracle = new Oracle(haproxy, World.USUAL, edit)) {
      for (long from = 0; from < (long) ROUND * ROUNDS; from += ROUND) {
        var cases =
            LongStream.range(from, from + ROUND)
                .mapToObj(number -> generator.make(World.USUAL, number))
                .toList();
        if (!oracle.ask(cases).isEmpty()) {
          return;
        }
      }
    }
    throw new AssertionError("not noticed: " + protection);
  }
}
