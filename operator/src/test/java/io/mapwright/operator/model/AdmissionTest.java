package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  @Test
  void keysOfTheOwnNamespaceAreAdmittedAndOthersOnlyByName() {
    var closed = Given.instance(Given.SMALLEST);
    assertThat(admission(closed, "maps").host()).isTrue();
    assertThat(admission(closed, "maps").scopes()).contains(Scope.ADMIN);
    assertThat(admission(closed, "web").admitted()).isFalse();
    var open = instance("{namespace: web}");
    assertThat(admission(open, "maps").host()).isTrue();
    assertThat(admission(open, "web").admitted()).isTrue();
    assertThat(admission(open, "web").host()).isFalse();
    assertThat(admission(open, "web2").admitted()).isFalse();
  }

  @Test
  void controlPlaneIsGivenToNoGuestUnlessItIsSaid() {
    assertThat(admission(instance("{namespace: web}"), "web").scopes())
        .containsExactlyInAnyOrder(Scope.TILES, Scope.STYLES, Scope.FONTS, Scope.ROUTING);
  }

  @Test
  void namespaceMustHaveAllLabels() {
    var open = instance("{namespaceLabels: {team: maps, tier: gold}}");
    assertThat(Admission.of(open, "web", Map.of("team", "maps")).admitted()).isFalse();
    assertThat(Admission.of(open, "web", Map.of("team", "maps", "tier", "iron")).admitted())
        .isFalse();
    assertThat(Admission.of(open, "web", Map.of("team", "maps", "tier", "gold")).admitted())
        .isTrue();
    assertThat(Admission.of(instance("{namespaceLabels: {}}"), "web", Map.of()).admitted())
        .as("no label is not every namespace")
        .isFalse();
  }

  private static Admission admission(MapwrightInstance instance, String namespace) {
    return Admission.of(instance, namespace, Map.of());
  }

  private static MapwrightInstance instance(String entry) {
    return Given.instance(Given.SMALLEST + "access: {allowedNamespaces: [" + entry + "]}");
  }
}
