package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Two replicas that know each other admit together what one may admit alone. */
@Timeout(60)
class SharedLimitIT {

  @TestFactory
  Stream<DynamicNode> replicas() {
    return GatewayAttackIT.onEach(haproxy ->
        Stream.of(DynamicTest.dynamicTest("count together", () -> countTogether(haproxy))));
  }

  static void countTogether(Path haproxy) throws IOException {
    var peers =
        List.of(
            new HaproxyPeer("maps-0", "127.0.0.1", Gateway.freePort()),
            new HaproxyPeer("maps-1", "127.0.0.1", Gateway.freePort()));
    try (var first =
            new Gateway(haproxy, "maps-0", settings -> settings.peers(peers), text -> text);
        var second =
            new Gateway(haproxy, "maps-1", settings -> settings.peers(peers), text -> text)) {
      first.push(Table.entries());
      second.push(Table.entries());
      var key = Table.limited(first, new RequestRate(5, 1000, 0));
      second.add(Table.key(key, java.util.Set.of(Scope.TILES), new RequestRate(5, 1000, 0)));
      // Peers find each other within a second or two of starting.
      Gateway.pause(3000);
      int admitted = 0;
      for (int i = 0; i < 120; i++) {
        var gateway = i % 2 == 0 ? first : second;
        admitted += gateway.get(KeyAttacks.PATH + "?key=" + key.value()).status() == 200 ? 1 : 0;
        Gateway.pause(10);
      }
      assertThat(admitted).isBetween(45, 60);
      assertThat(first.internal("/keys/" + key.keyId()).body()).contains("\"admitted\":");
    }
  }
}
