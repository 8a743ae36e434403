package io.mapwright.operator.oracle;

import io.mapwright.operator.api.v1alpha1.Scope;
import io.mapwright.operator.decision.Table;
import io.mapwright.operator.gateway.AllowedOrigin;
import io.mapwright.operator.gateway.Cidr;
import io.mapwright.operator.gateway.ClientIpSource;
import io.mapwright.operator.gateway.ConsoleAccess;
import io.mapwright.operator.gateway.GatewaySettings;
import io.mapwright.operator.gateway.KeyEntry;
import io.mapwright.operator.gateway.Limits;
import io.mapwright.operator.gateway.MapEntry;
import io.mapwright.operator.gateway.OriginEntry;
import io.mapwright.operator.gateway.RequestRate;
import io.mapwright.operator.gateway.ScopedPath;
import io.mapwright.operator.gateway.SecurityTxt;
import io.mapwright.operator.gateway.SessionKeyEntry;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A gateway's settings and table; cases are asked in one of these. */
enum World {
  USUAL,
  /** Any host is answered, tiles and fonts need no key, and limits are only reported. */
  ANONYMOUS,
  /** There is no control plane. */
  CLOSED,
  /** The server writes keys into its documents. */
  PASSTHROUGH,
  OWN_ROUTES,
  /** The control plane wants a certificate, and has paths inside others. */
  OFFICE,
  /** A named proxy says who the client is. */
  PROXIED,
  /** The table has not arrived. */
  STARTING,
  /** The operator has not been heard of for too long. */
  FORSAKEN;

  static final byte[] SIGNING = new byte[32];
  static final byte[] SIGNING_BEFORE =
      "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static final Set<Scope> DATA = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));

  /** Rates are out of the way: they have sequences of their own. */
  GatewaySettings.Builder settings(GatewaySettings.Builder settings) {
    settings.limits(limits(false));
    return switch (this) {
      case USUAL, STARTING, FORSAKEN -> settings;
      case ANONYMOUS ->
          settings
              .publicHosts()
              .anonymousScopes(Set.of(Scope.FONTS, Scope.TILES))
              .limits(limits(true));
      case CLOSED -> settings.controlPlane(ConsoleAccess.CLOSED);
      case PASSTHROUGH ->
          settings
              .keyPassthrough(true)
              .disclosure(new SecurityTxt(URI.create("mailto:a@example.com"), Optional.empty()));
      case OWN_ROUTES ->
          settings.routes(
              List.of(
                  new ScopedPath("/a", Scope.TILES),
                  new ScopedPath("/a/b/", Scope.FONTS),
                  new ScopedPath("/A.B", Scope.ROUTING),
                  new ScopedPath("/v1/tiles", Scope.TILES)));
      case OFFICE -> settings.controlPlane(office());
      case PROXIED ->
          settings
              .clientAddress(new ClientIpSource.ForwardedHeader(List.of(new Cidr("127.0.0.2"))))
              .controlPlane(behindProxy());
    };
  }

  private static ConsoleAccess office() {
    return new ConsoleAccess(
        List.of(Places.CONSOLE, "console.example.com"),
        List.of(new Cidr("127.0.0.4/30"), new Cidr("10.0.0.0/8")),
        List.of("/admin", "/styles/edit/"),
        true);
  }

  private static ConsoleAccess behindProxy() {
    return new ConsoleAccess(
        List.of(Places.CONSOLE),
        List.of(new Cidr("192.0.2.0/24"), new Cidr("2001:db8::/32")),
        ConsoleAccess.DEFAULT_PREFIXES,
        false);
  }

  private static Limits limits(boolean dryRun) {
    var plenty = new RequestRate(1_000_000, 1_000_000, 0);
    return new Limits(
        4096, 2048, 64, 4000, 10_000, plenty, 1_000_000, 1_000_000, Map.of(), dryRun, 2);
  }

  /** What the gateway of this world knows; dates are counted from the start. */
  Table table(GatewaySettings settings, Instant start) {
    return Table.of(
        settings, keys(start), origins(), sessionKeys(), this != STARTING, trusted(start));
  }

  /** Until when the table is believed. */
  Instant trusted(Instant start) {
    return this == FORSAKEN ? start.minusSeconds(1) : start.plusSeconds(86_400);
  }

  private static List<SessionKeyEntry> sessionKeys() {
    return List.of(
        SessionKeyEntry.of(SessionKeyEntry.Slot.CURRENT, SIGNING),
        SessionKeyEntry.of(SessionKeyEntry.Slot.PREVIOUS, SIGNING_BEFORE));
  }

  private static List<KeyEntry> keys(Instant start) {
    long now = start.getEpochSecond();
    return List.of(
        key(NamedKey.TILES, Set.of(Scope.TILES), OptionalLong.empty()),
        key(NamedKey.STYLES, Set.of(Scope.STYLES), OptionalLong.empty()),
        key(NamedKey.EVERYTHING, DATA, OptionalLong.empty()),
        key(NamedKey.ADMIN, Set.of(Scope.ADMIN), OptionalLong.empty()),
        key(NamedKey.ROOT, EnumSet.allOf(Scope.class), OptionalLong.empty()),
        key(NamedKey.EXPIRED, DATA, OptionalLong.of(now - 1)),
        key(NamedKey.ENDING, DATA, OptionalLong.of(now + 86_400)),
        page(NamedKey.WEB, "web", false, false),
        page(NamedKey.WEB_AND_APPS, "web", true, false),
        page(NamedKey.WITH_CREDENTIALS, "signed-in", false, true),
        page(NamedKey.OTHER_SITE, "other", false, false));
  }

  private static KeyEntry key(NamedKey name, Set<Scope> scopes, OptionalLong end) {
    return new KeyEntry(
        name.key().digest(),
        name.key().keyId(),
        name.key().keyId(),
        scopes,
        end,
        new RequestRate(1_000_000, 1_000_000, 0),
        Optional.empty(),
        true,
        false);
  }

  private static KeyEntry page(NamedKey name, String set, boolean missing, boolean credentials) {
    return new KeyEntry(
        name.key().digest(),
        name.key().keyId(),
        name.key().keyId(),
        DATA,
        OptionalLong.empty(),
        new RequestRate(1_000_000, 1_000_000, 0),
        Optional.of(set),
        missing,
        credentials);
  }

  private static List<OriginEntry> origins() {
    return Stream.of(
            "web " + Places.SITE,
            "web https://*.apps.example.org",
            "web http://localhost:3000",
            "web https://example.net:8443",
            "signed-in " + Places.SITE,
            "signed-in https://*.accounts.example.org:8443",
            "other https://other.example")
        .map(text -> text.split(" ", -1))
        .map(parts -> new OriginEntry(parts[0], AllowedOrigin.parse(parts[1])))
        .toList();
  }

  /** The same table as the operator would push it. */
  static Stream<MapEntry> entries(Instant start) {
    var entries = new ArrayList<MapEntry>();
    keys(start).forEach(key -> entries.add(key.toMapEntry()));
    origins().forEach(origin -> entries.add(origin.toMapEntry()));
    origins().stream()
        .filter(entry -> entry.originSet().equals("signed-in"))
        .forEach(entry -> entries.add(OriginEntry.credentialsOnPreflight(entry.origin())));
    sessionKeys().forEach(key -> entries.add(key.toMapEntry()));
    return entries.stream();
  }
}
