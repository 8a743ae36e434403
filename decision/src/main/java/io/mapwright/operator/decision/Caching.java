package io.mapwright.operator.decision;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an answer tells caches (RFC 9111, 5.2.2). */
public final class Caching {
  private Caching() {}

  /**
   * The directives that leave, of those that the map server gave, in their order. An answer for the
   * pages of one policy is for its asker alone: it is private, or stored nowhere.
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

  /**
   * "public" and "s-maxage" speak to shared caches, and a "private" with names of fields to them.
   */
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
