package io.mapwright.operator.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The state of the gateway's tables. Nothing that needs a key is served before {@code ready} is at
 * least 1.
 */
public record MetaEntry(Item item, String value) {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ADDRESSES = Pattern.compile("-|[0-9a-f.:]+(,[0-9a-f.:]+)*");

  /** The kind of entry; the name in lower case is the map's key. */
  public enum Item {
    READY,
    GENERATION,
    TABLE,
    TRUSTED,
    MAX_AGE,
    GATEWAYS
  }

  public MetaEntry {
    if (!(item == Item.GATEWAYS ? ADDRESSES : VALUE).matcher(value).matches()) {
      throw new IllegalArgumentException(
          item
              + " "
              + Lexical.quoted(value)
              + (item == Item.GATEWAYS
                  ? " is not a list of IP addresses"
                  : " is not 1 to 64 letters, digits, '.', '_' or '-'"));
    }
  }

  /**
   * Marks the tables as complete, with the number of replicas that share each limit.
   *
   * @param replicas at least 1; 0 for a gateway that is not ready
   */
  public static MetaEntry ready(int replicas) {
    Lexical.between("replicas", 0, replicas, 1000);
    return new MetaEntry(Item.READY, Integer.toString(replicas));
  }

  /**
   * Names the other gateways of the instance, which may lend parts of limits.
   *
   * @param addresses their IP addresses, separated by commas; {@code -} for none
   */
  public static MetaEntry gateways(String addresses) {
    return new MetaEntry(Item.GATEWAYS, addresses);
  }

  public static MetaEntry generation(long generation) {
    return new MetaEntry(Item.GENERATION, Long.toString(generation));
  }

  /** Accept keys until then; renewed by a running operator. */
  public static MetaEntry trusted(Instant until) {
    return new MetaEntry(Item.TRUSTED, Long.toString(until.getEpochSecond()));
  }

  /** How far in the future that is when written; for monitoring. */
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
