package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.mapwright.operator.model.Given;
import java.time.Clock;
import java.time.ZoneOffset;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // the extension fills the fields
@EnableKubernetesMockClient(crud = true, https = false) // its certificate takes a second
class EventsTest {
  KubernetesClient client;
  KubernetesMockServer server;

  private Events events() {
    return new Events(client, Clock.fixed(Given.NOW, ZoneOffset.UTC));
  }

  private static Condition condition(String status, String reason) {
    return new ConditionBuilder()
        .withType("Ready")
        .withStatus(status)
        .withReason(reason)
        .withMessage("a message")
        .build();
  }

  @Test
  void goodNewsAreNormalAndNamedByTheCondition() {
    events().publish(Given.instance("good", Given.SMALLEST), condition("True", "Serving"));
    assertThat(client.v1().events().inNamespace("maps").list().getItems())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getType()).isEqualTo("Normal");
          assertThat(event.getReason()).isEqualTo("Ready");
          assertThat(event.getMessage()).isEqualTo("a message");
          assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-of-good");
          assertThat(event.getFirstTimestamp()).isEqualTo("2027-03-01T12:00:00Z");
        });
  }

  @Test
  void badNewsAreWarningsAndNamedByTheReason() {
    events()
        .publish(
            Given.key("maps", "bad", "instanceRef: {name: a}\nscopes: [tiles]"),
            condition("False", "PolicyNotFound"));
    assertThat(client.v1().events().inNamespace("maps").list().getItems())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getType()).isEqualTo("Warning");
          assertThat(event.getReason()).isEqualTo("PolicyNotFound");
        });
  }

  @Test
  void eventAboutALongNameHasAValidOne() {
    events().publish(Given.instance("n".repeat(253), Given.SMALLEST), condition("True", "Serving"));
    assertThat(client.v1().events().inNamespace("maps").list().getItems())
        .singleElement()
        .satisfies(event ->
            assertThat(event.getMetadata().getGenerateName()).hasSizeLessThanOrEqualTo(248));
  }

  @Test
  void eventThatCanNotBeWrittenStopsNothing() {
    server
        .expect()
        .post()
        .withPath("/api/v1/namespaces/maps/events")
        .andReturn(403, "forbidden")
        .always();
    assertThatCode(
            () -> events().publish(Given.instance(Given.SMALLEST), condition("True", "Serving")))
        .doesNotThrowAnyException();
  }
}
