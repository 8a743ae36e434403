package io.mapwright.operator.gateway;

/**
 * The gateway's configuration file, for HAProxy 2.6 and later. It changes only with settings of the
 * instance; keys, origins and session keys are pushed into its maps while it runs.
 */
public final class HaproxyConfig {
  public static final String FILE_NAME = "haproxy.cfg";

  private HaproxyConfig() {}

  /** Renders the whole file. The order is that in which a request is processed. */
  public static String render(GatewaySettings settings, GatewayPaths paths) {
    return ProcessSection.render(settings, paths)
        + "\n"
        + HttpsFrontend.render(settings, paths)
        + AnswersBackend.render(settings, paths)
        + DataBackends.render(settings)
        + ConsoleBackend.render(settings, paths)
        + HttpFrontend.render(settings)
        + InternalFrontend.render(settings, paths)
        + ControlFrontend.render(settings, paths)
        + Lending.render(settings, paths)
        + LimitTables.render(settings);
  }
}
