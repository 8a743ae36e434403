package io.mapwright.operator.gateway;

import java.util.List;

/** Releases of HAProxy that the tests run the gateway on, as docs/haproxy.md lists them. */
public final class TestedReleases {
  public static final List<String> ALL = List.of("2.6", "3.0", "3.2", "3.4");

  private TestedReleases() {}

  /**
   * Says whether a version is of such a release.
   *
   * @param version as HAProxy reports it, such as {@code 3.4.7-1}
   */
  public static boolean contains(String version) {
    return ALL.stream()
        .anyMatch(release -> version.equals(release) || version.startsWith(release + "."));
  }
}
