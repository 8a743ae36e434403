package io.mapwright.operator.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mapwright.operator.facts.ProofQuestion;
import io.mapwright.operator.model.NamespacedName;
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
  private static final NamespacedName TILES = new NamespacedName("maps", "tiles");
  private static final ProofQuestion QUESTION = question("maps:2", "10.0.0.1");

  private final List<NamespacedName> triggered = new CopyOnWriteArrayList<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final HeldRound held = new HeldRound();
  private volatile Optional<String> answer = Optional.empty();

  private static ProofQuestion question(String image, String address) {
    return new ProofQuestion(image, List.of(address), List.of("/tile"));
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
        triggered::add,
        now::get);
  }

  /** What a pass knows, and what it has asked for the next. */
  private static Optional<String> pass(
      ImageProof proof, NamespacedName id, ProofQuestion question) {
    var known = question.failure(proof.last(id));
    proof.follow(id, Optional.of(question).filter(ProofQuestion::canBeAsked));
    return known;
  }

  @AfterEach
  void letGo() {
    held.close();
  }

  @Test
  void passDoesNotWaitAndTheNextOneKnows() {
    var proof = proof(true);
    assertThat(pass(proof, TILES, QUESTION)).contains("the paths have not been requested yet");
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    held.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.equals(List.of(TILES)));
    assertThat(pass(proof, TILES, QUESTION)).isEmpty();
    assertThat(rounds).hasValue(1);
  }

  @Test
  void answerForOtherPodsOrAnotherImageProvesNothing() {
    var proof = proof(false);
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> pass(proof, TILES, QUESTION).isEmpty());
    assertThat(pass(proof, TILES, question("maps:3", "10.0.0.1"))).isPresent();
    assertThat(pass(proof, TILES, question("maps:2", "10.0.0.2"))).isPresent();
  }

  @Test
  void failureIsToldAndAskedAboutAgainAfterAPause() {
    answer = Optional.of("/tile answers 503");
    var proof = proof(false);
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.size() == 1);
    assertThat(pass(proof, TILES, QUESTION)).contains("/tile answers 503");
    assertThat(rounds).as("the pass that the round started does not start another").hasValue(1);
    answer = Optional.empty();
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(pass(proof, TILES, QUESTION)).contains("/tile answers 503");
    await().atMost(Duration.ofSeconds(10)).until(() -> pass(proof, TILES, QUESTION).isEmpty());
  }

  @Test
  void namespaceWhosePodsHangLeavesRoomForOthers() {
    var proof = proof(true);
    for (int n = 0; n < 100; n++) {
      assertThat(pass(proof, new NamespacedName("bad", "i" + n), QUESTION)).isPresent();
    }
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> rounds.get() == ImageProof.QUERIES_PER_NAMESPACE + 1);
    for (int n = 0; n < 100; n++) {
      assertThat(pass(proof, new NamespacedName("ns" + n, "tiles"), QUESTION)).isPresent();
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> rounds.get() == ImageProof.QUERIES);
    held.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.size() == ImageProof.QUERIES);
    triggered.forEach(proof::forget);
    assertThat(proof.size()).isZero();
  }

  @Test
  void roundThatBreaksIsOver() {
    var proof =
        new ImageProof(
            (_, _) -> {
              throw new IllegalStateException("a bug");
            },
            triggered::add,
            now::get);
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.size() == 1);
    assertThat(pass(proof, TILES, QUESTION)).isPresent();
    await().atMost(Duration.ofSeconds(10)).until(() -> triggered.size() == 2);
  }

  @Test
  void withoutPathsThereIsNothingToProve() {
    assertThat(pass(proof(false), TILES, new ProofQuestion("maps:2", List.of(), List.of())))
        .isEmpty();
    assertThat(pass(proof(false), TILES, new ProofQuestion("maps:2", List.of(), List.of("/tile"))))
        .contains("no pod to ask");
  }
}
