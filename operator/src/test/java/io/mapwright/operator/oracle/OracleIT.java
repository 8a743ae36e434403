package io.mapwright.operator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.gateway.GatewayAttackIT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Model and gateway decide about the same requests; where they differ, one of them is wrong.
 *
 * <p>{@code -Dmapwright.oracle.decisions} says how many random ones (50,000), {@code
 * -Dmapwright.oracle.seed} which; without it each run takes new ones, and prints its seed. A
 * failure prints the case as text and its place among the random ones: as a file in the corpus, and
 * as a line of the file of seeds, it is asked first in every later run.
 */
class OracleIT {
  private static final int ROUND = 4000;
  private static final Path CORPUS = Path.of("src/test/resources/oracle");
  private static final Path SEEDS = Path.of("src/test/resources/oracle-seeds");

  /** What is asked before and after a case may have been part of why it failed. */
  private static final int AROUND = 50;

  @TestFactory
  Stream<DynamicNode> agreesWithTheModel() {
    long decisions = Long.getLong("mapwright.oracle.decisions", 50_000);
    long seed =
        Optional.ofNullable(Long.getLong("mapwright.oracle.seed"))
            .orElseGet(() -> (long) new SecureRandom().nextInt(1, 1 << 30));
    System.out.printf(
        "oracle: seed %d, %d decisions; again with -Dmapwright.oracle.seed=%1$d%n",
        seed, decisions);
    return GatewayAttackIT.onEach(haproxy ->
        Arrays.stream(World.values())
            .map(world ->
                DynamicTest.dynamicTest(
                    world.name().toLowerCase(Locale.ROOT),
                    () -> run(haproxy, world, seed, decisions / World.values().length))));
  }

  private static void run(Path haproxy, World world, long seed, long decisions) throws IOException {
    var generator = new Generator(seed);
    var found = new ArrayList<Disagreement>();
    try (var oracle = new Oracle(haproxy, world, text -> text)) {
      var kept =
          Stream.concat(corpus().stream().filter(asked -> asked.world() == world), keptSeeds(world))
              .toList();
      if (!kept.isEmpty()) {
        found.addAll(oracle.ask(kept));
      }
      for (long from = 0; from < decisions && found.isEmpty(); from += ROUND) {
        var round =
            LongStream.range(from, Math.min(from + ROUND, decisions))
                .mapToObj(number -> generator.make(world, number))
                .toList();
        found.addAll(oracle.ask(round));
      }
    }
    assertThat(found).as(() -> report(found)).isEmpty();
  }

  /** One of each kind, the shortest. */
  private static String report(List<Disagreement> found) {
    Map<String, List<Disagreement>> kinds =
        found.stream()
            .collect(
                Collectors.groupingBy(Disagreement::objection, TreeMap::new, Collectors.toList()));
    return kinds.values().stream()
        .map(kind -> kind.size() + " like this:\n" + shortest(kind).text())
        .limit(20)
        .collect(Collectors.joining("\n\n"));
  }

  private static Disagreement shortest(List<Disagreement> kind) {
    return kind.stream()
        .min(java.util.Comparator.comparingInt(one -> CaseText.write(one.asked()).length()))
        .orElseThrow();
  }

  /** Lines of world, seed and number of a case that failed once; those around it come along. */
  private static Stream<Case> keptSeeds(World world) {
    return read(SEEDS)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split(" ", -1))
        .filter(line -> World.valueOf(line[0].toUpperCase(Locale.ROOT)) == world)
        .flatMap(line -> {
          long number = Long.parseLong(line[2]);
          var generator = new Generator(Long.parseLong(line[1]));
          return LongStream.rangeClosed(Math.max(0, number - AROUND), number + AROUND)
              .mapToObj(near -> generator.make(world, near));
        });
  }

  static List<Case> corpus() {
    try (var files = Files.list(CORPUS)) {
      return files
          .sorted()
          .map(file -> CaseText.read(file.getFileName().toString(), read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
