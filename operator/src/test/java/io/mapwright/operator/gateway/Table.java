package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys and origins of the attack suite. Limits are out of the way unless a case brings its own
 * key.
 */
final class Table {
  private static final SecureRandom RANDOM = new SecureRandom();
  static final RequestRate PLENTY = new RequestRate(10_000, 10_000, 0);
  static final String SITE = "https://www.example.com";

  /** Tiles, from anywhere. */
  static final PlainKey TILES = ApiKeyFormat.mint(RANDOM);

  static final PlainKey STYLES = ApiKeyFormat.mint(RANDOM);
  static final PlainKey EVERYTHING = ApiKeyFormat.mint(RANDOM);
  static final PlainKey ADMIN = ApiKeyFormat.mint(RANDOM);
  static final PlainKey EXPIRED = ApiKeyFormat.mint(RANDOM);

  /** For pages of the set "web" only. */
  static final PlainKey WEB = ApiKeyFormat.mint(RANDOM);

  /** For pages of the set "web", and for apps that name no origin. */
  static final PlainKey WEB_AND_APPS = ApiKeyFormat.mint(RANDOM);

  static final PlainKey WITH_CREDENTIALS = ApiKeyFormat.mint(RANDOM);

  /** Well-formed, in no table. */
  static final PlainKey UNKNOWN = ApiKeyFormat.mint(RANDOM);

  private static final Set<Scope> PUBLIC =
      Set.of(Scope.TILES, Scope.STYLES, Scope.FONTS, Scope.ROUTING);

  private Table() {}

  static Stream<MapEntry> entries() {
    var entries = new ArrayList<MapEntry>();
    entries.add(key(TILES, Set.of(Scope.TILES), PLENTY));
    entries.add(key(STYLES, Set.of(Scope.STYLES), PLENTY));
    entries.add(key(EVERYTHING, PUBLIC, PLENTY));
    entries.add(key(ADMIN, Set.of(Scope.ADMIN), PLENTY));
    entries.add(
        new KeyEntry(
                EXPIRED.digest(),
                EXPIRED.keyId(),
                EXPIRED.keyId(),
                PUBLIC,
                OptionalLong.of(1_600_000_000),
                PLENTY,
                Optional.empty(),
                true,
                false)
            .toMapEntry());
    entries.add(restricted(WEB, false, false));
    entries.add(restricted(WEB_AND_APPS, true, false));
    entries.add(restricted(WITH_CREDENTIALS, false, true));
    for (var origin :
        List.of(
            SITE,
            "https://*.apps.example.org",
            "http://localhost:3000",
            "https://example.net:8443")) {
      entries.add(new OriginEntry("web", AllowedOrigin.parse(origin)).toMapEntry());
    }
    entries.add(OriginEntry.credentialsOnPreflight(AllowedOrigin.parse(SITE)));
    entries.add(SessionKeyEntry.of(SessionKeyEntry.Slot.CURRENT, new byte[32]).toMapEntry());
    return entries.stream();
  }

  static MapEntry key(PlainKey key, Set<Scope> scopes, RequestRate limit) {
    return key(key, key, scopes, limit);
  }

  /** A key that is counted as another one, as the two of a rotation are. */
  static MapEntry key(PlainKey key, PlainKey counted, Set<Scope> scopes, RequestRate limit) {
    return new KeyEntry(
            key.digest(),
            key.keyId(),
            counted.keyId(),
            scopes,
            OptionalLong.empty(),
            limit,
            Optional.empty(),
            true,
            false)
        .toMapEntry();
  }

  private static MapEntry restricted(PlainKey key, boolean missing, boolean credentials) {
    return new KeyEntry(
            key.digest(),
            key.keyId(),
            key.keyId(),
            PUBLIC,
            OptionalLong.empty(),
            PLENTY,
            Optional.of("web"),
            missing,
            credentials)
        .toMapEntry();
  }

  /** A key that follows another one and shares its limit. */
  static PlainKey successor(Gateway gateway, PlainKey key, RequestRate limit) {
    var next = ApiKeyFormat.mint(RANDOM);
    gateway.add(key(next, key, PUBLIC, limit));
    return next;
  }

  /** This key, of all scopes and with this limit, in one more gateway. */
  static void add(Gateway gateway, PlainKey key, RequestRate limit) {
    gateway.add(key(key, PUBLIC, limit));
  }

  /** A key of all scopes with this limit. */
  static PlainKey limited(Gateway gateway, RequestRate limit) {
    var key = ApiKeyFormat.mint(RANDOM);
    gateway.add(key(key, PUBLIC, limit));
    return key;
  }
}
