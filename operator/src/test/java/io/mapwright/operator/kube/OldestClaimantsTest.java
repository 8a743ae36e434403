package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.NamespacedName;
import org.junit.jupiter.api.Test;

class OldestClaimantsTest {
  private static final String HOST = "maps.example.com";

  private final OldestClaimants<MapwrightInstance> hosts =
      new OldestClaimants<>(instance -> instance.getSpec().hosts());

  @Test
  void oldestKeepsAThingWhicheverIsSeenFirst() {
    var older = instance("older", "2027-01-01T00:00:00Z");
    var younger = instance("younger", "2027-01-02T00:00:00Z");
    hosts.changed(null, younger);
    assertThat(hosts.before(younger, HOST)).isEmpty();
    hosts.changed(null, older);
    assertThat(hosts.before(younger, HOST)).contains(new NamespacedName("maps", "older"));
    assertThat(hosts.before(older, HOST)).isEmpty();
    hosts.changed(older, null);
    assertThat(hosts.before(younger, HOST)).isEmpty();
  }

  @Test
  void thingThatIsLetGoOfIsTheNextOnes() {
    var older = instance("older", "2027-01-01T00:00:00Z");
    var younger = instance("younger", "2027-01-02T00:00:00Z");
    hosts.changed(null, older);
    hosts.changed(null, younger);
    var moved = Given.instance("older", Given.SMALLEST.replace(HOST, "other.example.com"));
    moved.getMetadata().setCreationTimestamp("2027-01-01T00:00:00Z");
    hosts.changed(older, moved);
    assertThat(hosts.before(younger, HOST)).isEmpty();
    assertThat(hosts.before(younger, "other.example.com")).isPresent();
  }

  private static MapwrightInstance instance(String name, String made) {
    var instance = Given.instance(name, Given.SMALLEST);
    instance.getMetadata().setCreationTimestamp(made);
    return instance;
  }
}
