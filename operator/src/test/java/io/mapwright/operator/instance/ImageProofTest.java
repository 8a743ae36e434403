package io.mapwright.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.mapwright.operator.instance.ImageProof.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImageProofTest {
  private static final ResourceID TILES = new ResourceID("tiles", "maps");
  private static final Question QUESTION = question("maps:2", "10.0.0.1");

  private final List<ResourceID> nudged = new CopyOnWriteArrayList<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final HeldRound held = new HeldRound();
  private volatile Optional<String> answer = Optional.empty();

  private static Question question(String image, String address) {
    return new Question(image, List.of(address), List.of("/tile"));
  }

  private ImageProof proof(boolean hangs) {
    return new ImageProof(
        (_, _) -> {
          rounds.incrementAndGet();
          if (hangs) {
            held.hold();
          }
          return answer;
        },
        nudged::add,
        now::get);
  }

  @AfterEach
  void letGo() {
    held.close();
  }

  @Test
  void passDoesNotWaitAndTheNextOneKnows() {
    var proof = proof(true);
    assertThat(proof.failure(TILES, QUESTION)).contains("the paths have not been asked yet");
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    held.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> nudged.equals(List.of(TILES)));
    assertThat(proof.failure(TILES, QUESTION)).isEmpty();
    assertThat(rounds).hasValue(1);
  }

  @Test
  void answerForOtherPodsOrAnotherImageProvesNothing() {
    var proof = proof(false);
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> proof.failure(TILES, QUESTION).isEmpty());
    assertThat(proof.failure(TILES, question("maps:3", "10.0.0.1"))).isPresent();
    assertThat(proof.failure(TILES, question("maps:2", "10.0.0.2"))).isPresent();
  }

  @Test
  void failureIsToldAndAskedAboutAgainAfterAPause() {
    answer = Optional.of("/tile answers 503");
    var proof = proof(false);
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> nudged.size() == 1);
    assertThat(proof.failure(TILES, QUESTION)).contains("/tile answers 503");
    assertThat(rounds).as("the pass that the round started does not start another").hasValue(1);
    answer = Optional.empty();
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(proof.failure(TILES, QUESTION)).contains("/tile answers 503");
    await().atMost(Duration.ofSeconds(10)).until(() -> proof.failure(TILES, QUESTION).isEmpty());
  }

  @Test
  void namespaceWhosePodsHangLeavesRoomForOthers() {
    var proof = proof(true);
    for (int n = 0; n < 100; n++) {
      assertThat(proof.failure(new ResourceID("i" + n, "bad"), QUESTION)).isPresent();
    }
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> rounds.get() == ImageProof.ROUNDS_OF_A_NAMESPACE + 1);
    for (int n = 0; n < 100; n++) {
      assertThat(proof.failure(new ResourceID("tiles", "ns" + n), QUESTION)).isPresent();
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> rounds.get() == ImageProof.ROUNDS);
    held.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> nudged.size() == ImageProof.ROUNDS);
    nudged.forEach(proof::forget);
    assertThat(proof.size()).isZero();
  }

  @Test
  void roundThatBreaksIsOver() {
    var proof =
        new ImageProof(
            (_, _) -> {
              throw new IllegalStateException("a bug");
            },
            nudged::add,
            now::get);
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> nudged.size() == 1);
    assertThat(proof.failure(TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> nudged.size() == 2);
  }

  @Test
  void withoutPathsThereIsNothingToProve() {
    assertThat(proof(false).failure(TILES, new Question("maps:2", List.of(), List.of()))).isEmpty();
    assertThat(proof(false).failure(TILES, new Question("maps:2", List.of(), List.of("/tile"))))
        .contains("no pod to ask");
  }
}
