package io.mapwright.operator.decision;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Cache-Control of an answer (RFC 9111, 5.2.2). */
public final class Caching {
  private Caching() {}

  /**
   * The directives that the client gets, from those of the map server, in their order. An answer
   * for the pages of one policy is for its client only: it is private, or not stored.
   *
   * @param directives each with its value
   */
  public static List<String> forClient(List<String> directives, Decision.Pages pages) {
    if (!pages.restricted()) {
      return directives;
    }
    var restricted = directives.stream().map(Caching::privateOnly).toList();
    boolean isPrivate = restricted.stream().anyMatch(is("private").or(is("no-store")));
    return isPrivate
        ? restricted
        : Stream.concat(restricted.stream(), Stream.of("private")).toList();
  }

  /** "public" and "s-maxage" address shared caches, and so does "private" with field names. */
  private static String privateOnly(String directive) {
    var name = directive.toLowerCase(Locale.ROOT).replaceFirst("=.*", "");
    return switch (name) {
      case "public", "s-maxage", "private" -> "private";
      default -> directive;
    };
  }

  private static Predicate<String> is(String directive) {
    return value -> value.equalsIgnoreCase(directive);
  }
}
