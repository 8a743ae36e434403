package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Proves that the attacks can fail: with one protection taken out of the configuration, a named
 * attack succeeds.
 */
@Timeout(120)
class RemovedProtectionIT {

  @TestFactory
  Stream<DynamicNode> attackSucceedsWithoutProtection() {
    return GatewayAttackIT.onEach(haproxy ->
        Removal.all().stream()
            .map(removal ->
                DynamicTest.dynamicTest(removal.protection(), () -> run(haproxy, removal))));
  }

  private static void run(Path haproxy, Removal removal) throws Exception {
    try (var gateway = new Gateway(haproxy, removal.attack().settings(), removal.edit())) {
      gateway.push(Table.entries());
      assertThatThrownBy(() -> removal.attack().check().run(gateway))
          .as("without: " + removal.protection())
          .isInstanceOfAny(AssertionError.class, java.util.NoSuchElementException.class);
    }
  }
}
