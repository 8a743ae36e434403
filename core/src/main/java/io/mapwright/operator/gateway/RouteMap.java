package io.mapwright.operator.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The mounted file that turns a path into the scope it needs. */
public final class RouteMap {
  public static final String FILE_NAME = "routes.map";

  private RouteMap() {}

  /**
   * Render {@code prefix scope|bit} lines. The longest prefix wins, so order carries no meaning and
   * is sorted.
   */
  public static String render(List<ScopedPath> routes) {
    return routes.stream()
        .sorted(Comparator.comparing(ScopedPath::key))
        .map(route ->
            route.key() + " " + route.scope().text() + "|" + ScopeBits.bit(route.scope()) + "\n")
        .distinct()
        .collect(Collectors.joining());
  }
}
