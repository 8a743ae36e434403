package io.mapwright.operator.gateway;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is taken out of the configuration, and the attack that must then get through. */
public record Removal(String protection, UnaryOperator<String> edit, Attack attack) {

  /** How to take out each protection, by its name. */
  public static Map<String, UnaryOperator<String>> edits() {
    return all().stream().collect(Collectors.toMap(Removal::protection, Removal::edit));
  }

  static List<Removal> all() {
    return Stream.of(FastPathRemovals.ALL, RequestRemovals.ALL, AnswerRemovals.ALL)
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Where two lines guard the same door: this one's attack, with the other out of the way as well.
   */
  Removal and(Removal other) {
    return new Removal(protection, text -> other.edit().apply(edit.apply(text)), attack);
  }

  /** Take out every line that holds this part. */
  static Removal lines(String protection, String part, List<Attack> attacks, String attack) {
    return new Removal(
        protection,
        config -> {
          var kept =
              config
                  .lines()
                  .filter(line -> !line.contains(part))
                  .collect(Collectors.joining("\n", "", "\n"));
          return changed(protection, config, kept);
        },
        named(attacks, attack));
  }

  static Removal text(
      String protection, String text, String instead, List<Attack> attacks, String attack) {
    return new Removal(
        protection,
        config -> changed(protection, config, config.replace(text, instead)),
        named(attacks, attack));
  }

  static Removal edited(
      String protection, UnaryOperator<String> edit, List<Attack> attacks, String attack) {
    return new Removal(
        protection,
        config -> changed(protection, config, edit.apply(config)),
        named(attacks, attack));
  }

  private static String changed(String protection, String before, String after) {
    if (before.equals(after)) {
      throw new IllegalStateException("nothing to remove for: " + protection);
    }
    return after;
  }

  private static Attack named(List<Attack> attacks, String name) {
    return attacks.stream().filter(attack -> attack.name().equals(name)).findFirst().orElseThrow();
  }
}
