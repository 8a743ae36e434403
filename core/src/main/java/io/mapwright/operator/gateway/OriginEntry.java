package io.mapwright.operator.gateway;

/** One origin of a set; keys name the set. */
public record OriginEntry(String originSet, AllowedOrigin origin) {
  public OriginEntry {
    Lexical.name("origin set", originSet);
  }

  /**
   * Tell preflights that some key of this origin allows credentials; a preflight carries no key to
   * look up. Push one for each origin of a policy that allows credentials.
   */
  public static MapEntry credentialsOnPreflight(AllowedOrigin origin) {
    return new MapEntry(GatewayMap.ORIGINS, "+|" + origin.text(), "1");
  }

  public MapEntry toMapEntry() {
    return new MapEntry(GatewayMap.ORIGINS, originSet + "|" + origin.text(), "1");
  }
}
