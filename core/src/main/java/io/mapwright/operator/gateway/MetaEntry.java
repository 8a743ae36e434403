package io.mapwright.operator.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What the gateway knows of its own tables. Nothing that needs a key is served before {@code ready}
 * is at least 1.
 */
public record MetaEntry(Item item, String value) {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** What is said; the name in lower case is the map's key. */
  public enum Item {
    READY,
    GENERATION,
    TABLE,
    TRUSTED,
    MAX_AGE
  }

  public MetaEntry {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          item + " " + Lexical.quoted(value) + " is not 1 to 64 letters, digits, '.', '_' or '-'");
    }
  }

  /**
   * Says that the tables are in, and how many replicas share each limit.
   *
   * @param replicas at least 1; 0 for a gateway that is not ready
   */
  public static MetaEntry ready(int replicas) {
    Lexical.between("replicas", 0, replicas, 1000);
    return new MetaEntry(Item.READY, Integer.toString(replicas));
  }

  public static MetaEntry generation(long generation) {
    return new MetaEntry(Item.GENERATION, Long.toString(generation));
  }

  /** Accept keys until then; said again and again by an operator that is there. */
  public static MetaEntry trusted(Instant until) {
    return new MetaEntry(Item.TRUSTED, Long.toString(until.getEpochSecond()));
  }

  /** How far ahead that is when it is said; for those who watch. */
  public static MetaEntry maxAge(Duration age) {
    return new MetaEntry(Item.MAX_AGE, Long.toString(age.toSeconds()));
  }

  /** Name the content of the tables, for example by its digest. */
  public static MetaEntry table(String name) {
    return new MetaEntry(Item.TABLE, name);
  }

  public MapEntry toMapEntry() {
    return new MapEntry(GatewayMap.META, item.name().toLowerCase(java.util.Locale.ROOT), value);
  }
}
