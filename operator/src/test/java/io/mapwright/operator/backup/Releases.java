package io.mapwright.operator.backup;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import java.util.stream.Stream;

/**
 * Programs of others that tests of backups run, as {@code e2e/cluster/cluster} fetches them and
 * {@code e2e/test} names them: {@code -Dmapwright.restic=0.14:0.18:newest}, {@code
 * -Dmapwright.postgres=folder:folder}, {@code -Dmapwright.rclone}, {@code -Dmapwright.rest-server}.
 */
final class Releases {
  private Releases() {}

  /** Restic 0.14, 0.18 and the newest, in this order. */
  static Stream<String> restics() {
    return paths("restic").stream();
  }

  /** Those that our scripts work with. */
  static Stream<String> newerRestics() {
    return restics().skip(1);
  }

  static String program(String name) {
    return paths(name).getFirst();
  }

  static List<String> paths(String name) {
    var property = System.getProperty("mapwright." + name, "");
    assumeFalse(property.isEmpty(), "no " + name + ": see -Dmapwright." + name);
    return List.of(property.split(":"));
  }
}
