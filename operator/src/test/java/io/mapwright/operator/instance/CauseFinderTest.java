package io.mapwright.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.cause.EventMessage;
import io.mapwright.operator.cause.Evidence;
import io.mapwright.operator.facts.Diagnosis;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CauseFinderTest {
  private static final NamespacedName TILES = new NamespacedName("maps", "tiles");
  private static final Instant MADE = Instant.parse("2027-03-01T12:00:00Z");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<NamespacedName> triggered = new CopyOnWriteArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final HeldRound held = new HeldRound();
  private volatile Optional<EventMessage> answer =
      Optional.of(new EventMessage("FailedMount", "secret \"gone\" not found"));

  private CauseFinder finder(boolean hangs) {
    return new CauseFinder(
        (namespace, kind, name) -> {
          asked.add(namespace + "/" + kind + "/" + name);
          if (hangs) {
            held.hold();
          }
          return answer;
        },
        triggered::add,
        now::get);
  }

  /** What a pass knows, and what it has read for the next. */
  private static Diagnosis pass(CauseFinder finder, NamespacedName id, Evidence evidence) {
    var known = Diagnosis.of(Optional.of(evidence), finder.last(id));
    finder.follow(id, evidence.subject());
    return known;
  }

  @AfterEach
  void letGo() {
    held.close();
  }

  private static Evidence after(Duration age, String status) {
    var pod =
        Serialization.unmarshal(
            """
            kind: Pod
            apiVersion: v1
            metadata: {name: tiles-1, creationTimestamp: "2027-03-01T12:00:00Z"}
            spec: {nodeName: one, containers: [{name: server, image: "maps:1"}]}
            status: %s
            """
                .formatted(status),
            Pod.class);
    return new Evidence(
        Given.input(Given.SMALLEST), Optional.empty(), List.of(pod), MADE.plus(age));
  }

  private static final String SETTING_UP =
      "{phase: Pending, containerStatuses: [{name: server, state: {waiting: {reason: ContainerCreating}}}]}";

  @Test
  void mapServerThatRunsCostsNoRequest() {
    var running =
        "{phase: Running, conditions: [{type: Ready, status: \"True\"}], containerStatuses: [{name: server, ready: true, state: {running: {}}}]}";
    assertThat(pass(finder(false), TILES, after(Duration.ofHours(1), running)))
        .isEqualTo(Diagnosis.NONE);
    assertThat(asked).isEmpty();
  }

  @Test
  void whatThePodSaysCostsNoRequest() {
    var pulls =
        "{phase: Pending, containerStatuses: [{name: server, state: {waiting: {reason: ImagePullBackOff, message: no}}}]}";
    var diagnosis = pass(finder(false), TILES, after(Duration.ofHours(1), pulls));
    assertThat(diagnosis.cause().orElseThrow().reason()).isEqualTo(Reason.ImageNotPulled);
    assertThat(diagnosis.recheckAfter()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void everyStartWaitsForAMomentWithoutARequest() {
    var diagnosis = pass(finder(false), TILES, after(Duration.ofSeconds(4), SETTING_UP));
    assertThat(diagnosis.cause().orElseThrow().reason()).isEqualTo(Reason.PodsNotReady);
    assertThat(diagnosis.recheckAfter()).contains(Duration.ofSeconds(6));
    assertThat(asked).isEmpty();
  }

  @Test
  void eventsOfThatPodAreReadBesideThePassAndRarelyInTheEnd() {
    var finder = finder(false);
    var first = pass(finder, TILES, after(Duration.ofSeconds(12), SETTING_UP));
    assertThat(first.cause().orElseThrow().reason()).isEqualTo(Reason.PodsNotReady);
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.equals(List.of(TILES)));
    var next = pass(finder, TILES, after(Duration.ofSeconds(13), SETTING_UP));
    assertThat(next.cause().orElseThrow().reason()).isEqualTo(Reason.ReferenceMissing);
    assertThat(asked).containsExactly("maps/Pod/tiles-1");

    now.addAndGet(Duration.ofMinutes(4).toNanos());
    var late = pass(finder, TILES, after(Duration.ofHours(9), SETTING_UP));
    assertThat(late.recheckAfter()).contains(Duration.ofMinutes(5));
    assertThat(late.cause().orElseThrow().reason()).isEqualTo(Reason.ReferenceMissing);
    assertThat(asked).hasSize(1);
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    pass(finder, TILES, after(Duration.ofHours(9), SETTING_UP));
    await().atMost(Duration.ofSeconds(10)).until(() -> asked.size() == 2);
  }

  @Test
  void namespaceFullOfBrokenMapsLeavesRoomForOthers() {
    var finder = finder(true);
    for (int n = 0; n < 100; n++) {
      pass(finder, new NamespacedName("bad", "i" + n), after(Duration.ofMinutes(1), SETTING_UP));
    }
    pass(finder, TILES, after(Duration.ofMinutes(1), SETTING_UP));
    await().atMost(Duration.ofSeconds(10)).until(() -> asked.size() == 3);
    assertThat(asked).contains("maps/Pod/tiles-1");
    held.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.size() == 3);
    triggered.forEach(finder::forget);
    assertThat(finder.size()).isZero();
  }
}
