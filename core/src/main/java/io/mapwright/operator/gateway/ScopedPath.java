package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.List;
import java.util.stream.Stream;

/**
 * A path prefix and the scope that it needs. A prefix covers itself and everything below it, on
 * segment borders: {@code /wms} covers {@code /wms} and {@code /wms/x}, not {@code /wmsx}. The
 * longest prefix wins, case does not matter.
 */
public record ScopedPath(String pathPrefix, Scope scope) {

  /**
   * Mapwright's own paths, their Mapbox and MapTiler aliases, and tileserver-gl's. What is not
   * below one is 404.
   */
  public static final List<ScopedPath> DEFAULTS =
      Stream.of(
              all(
                  Scope.TILES,
                  "/v1/tiles/",
                  "/tiles/",
                  "/v4/",
                  "/v1/geocode/",
                  "/geocoding/",
                  "/v1/elevation/",
                  "/v1/coordinates/",
                  "/wmts/",
                  "/wms",
                  "/collections",
                  "/images/",
                  "/data/",
                  "/data.json",
                  "/geolocation/"),
              all(Scope.STYLES, "/v1/styles/", "/styles/", "/styles.json", "/maps/", "/v1/static/"),
              all(Scope.FONTS, "/fonts/", "/fonts.json", "/v1/sprites/", "/sprites/"),
              all(Scope.ROUTING, "/v1/route/", "/directions/v5/"))
          .flatMap(List::stream)
          .toList();

  public ScopedPath {
    Lexical.path("access.routes:", pathPrefix);
  }

  private static List<ScopedPath> all(Scope scope, String... prefixes) {
    return Stream.of(prefixes).map(prefix -> new ScopedPath(prefix, scope)).toList();
  }

  /** The form in which prefixes are compared: lower case, closed by a slash. */
  String key() {
    var lower = pathPrefix.toLowerCase(java.util.Locale.ROOT);
    return lower.endsWith("/") ? lower : lower + "/";
  }
}
