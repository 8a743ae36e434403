package io.mapwright.operator.gateway;

/**
 * Ports of the pod.
 *
 * @param lending where the other gateways of the instance borrow from this one
 */
public record GatewayPorts(int https, int http, int internal, int control, int lending) {
  public static final GatewayPorts DEFAULTS = new GatewayPorts(10443, 10080, 10404, 10999, 10998);

  public GatewayPorts {
    Lexical.between("https port", 1, https, 65535);
    Lexical.between("http port", 1, http, 65535);
    Lexical.between("internal port", 1, internal, 65535);
    Lexical.between("control port", 1, control, 65535);
    Lexical.between("lending port", 1, lending, 65535);
  }
}
