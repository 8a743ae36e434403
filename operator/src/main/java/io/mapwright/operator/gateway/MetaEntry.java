package io.mapwright.operator.gateway;

import java.util.regex.Pattern;

/**
 * What the gateway knows of its own tables. Nothing that needs a key is served before {@code ready}
 * is 1.
 */
public record MetaEntry(Item item, String value) {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** What is said; the name in lower case is the map's key. */
  public enum Item {
    READY,
    GENERATION,
    TABLE
  }

  public MetaEntry {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          item + " " + Lexical.quoted(value) + " is not 1 to 64 letters, digits, '.', '_' or '-'");
    }
  }

  public static MetaEntry ready(boolean ready) {
    return new MetaEntry(Item.READY, ready ? "1" : "0");
  }

  public static MetaEntry generation(long generation) {
    return new MetaEntry(Item.GENERATION, Long.toString(generation));
  }

  /** Name the content of the tables, for example by its digest. */
  public static MetaEntry table(String name) {
    return new MetaEntry(Item.TABLE, name);
  }

  public MapEntry toMapEntry() {
    return new MapEntry(GatewayMap.META, item.name().toLowerCase(java.util.Locale.ROOT), value);
  }
}
