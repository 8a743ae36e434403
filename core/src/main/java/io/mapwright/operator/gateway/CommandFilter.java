package io.mapwright.operator.gateway;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the operator's connections may say to HAProxy's command line. From 3.3 on every command that
 * edits a map needs level admin (haproxy commit 94d2f69b9), which also reads memory, bad requests
 * and private settings; a filter in HAProxy's own Lua admits a list of commands for each client
 * certificate, and nothing else has a way to the socket behind it (decision 0039).
 */
public final class CommandFilter {
  public static final String FILE_NAME = "control.lua";

  private static final Template SCRIPT = Template.resource(FILE_NAME);

  private CommandFilter() {}

  /** The script. It names files, for HAProxy 2.6 gives scripts no arguments. */
  public static String script(GatewayPaths paths) {
    return script(
        paths.adminSocket(),
        // What the gateways lend each other is nobody else's to change.
        Stream.of(GatewayMap.values())
            .filter(map -> map != GatewayMap.SHARES)
            .map(paths::map)
            .toList(),
        List.of(paths.certificate(), paths.controlCertificate()));
  }

  /**
   * The script for other files.
   *
   * @param adminSocket HAProxy's command line, of level admin
   * @param maps files of the maps that may be edited
   * @param certificates files of the certificates that may be replaced
   */
  public static String script(String adminSocket, List<String> maps, List<String> certificates) {
    return SCRIPT
        .with("admin", adminSocket)
        .with("maps", String.join(",", maps))
        .with("certificates", String.join(",", certificates))
        .done();
  }

  /** Lines of the section global. */
  static String load(GatewayPaths paths) {
    return new Template(TEXT)
        .with("admin", paths.adminSocket())
        .with("script", paths.commandFilter())
        .done();
  }

  private static final String TEXT =
      """
          # Only control.lua talks to this socket, and admits few commands: level admin could read bad requests.
          stats socket {{admin}} mode 600 level admin
          stats timeout 1m
      .if version_atleast(3.1)
          tune.lua.bool-sample-conversion normal
      .endif
      .if version_atleast(3.4)
          tune.lua.openlibs string,table
      .endif
          tune.lua.maxmem 32
          # Of a connection as a whole, and those of the operator stay for weeks.
          tune.lua.service-timeout 0
          lua-load {{script}}
      """;
}
