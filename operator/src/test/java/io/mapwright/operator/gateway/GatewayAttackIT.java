package io.mapwright.operator.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every attack against every HAProxy that {@code -Dmapwright.haproxy=path:path} names, each on a
 * fresh gateway.
 */
@Timeout(120)
public class GatewayAttackIT {

  @TestFactory
  Stream<DynamicNode> keys() {
    return against(KeyAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> scopes() {
    return against(ScopeAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> origins() {
    return against(OriginAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> console() {
    return against(ConsoleAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> smuggling() {
    return against(SmugglingAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> http2() {
    return against(Http2Attacks.all());
  }

  @TestFactory
  Stream<DynamicNode> fastPath() {
    return against(FastPathAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> cookies() {
    return against(CookieAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> limits() {
    return against(LimitAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> edge() {
    return against(EdgeAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> control() {
    return against(ControlAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> lending() {
    return against(LendingAttacks.all());
  }

  @TestFactory
  Stream<DynamicNode> ports() {
    return against(PortAttacks.all());
  }

  private static Stream<DynamicNode> against(List<Attack> attacks) {
    return onEach(haproxy ->
        attacks.stream()
            .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> run(haproxy, attack))));
  }

  private static void run(Path haproxy, Attack attack) throws Exception {
    try (var gateway = new Gateway(haproxy, attack.settings(), text -> text)) {
      gateway.push(Table.entries());
      attack.check().run(gateway);
    }
  }

  /** These tests for each HAProxy that was named, or one that is skipped and says why. */
  public static Stream<DynamicNode> onEach(Function<Path, Stream<DynamicTest>> tests) {
    var property = System.getProperty("mapwright.haproxy", "");
    if (property.isEmpty()) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "no HAProxy", () -> abort("name executables in -Dmapwright.haproxy=path:path")));
    }
    return Stream.of(property.split(":", -1))
        .map(Path::of)
        .map(
            haproxy -> DynamicContainer.dynamicContainer(haproxy.toString(), tests.apply(haproxy)));
  }
}
