package io.mapwright.operator.api.v1alpha1;

/** How the decision log names the client. */
public enum ClientAddressLog {
  Full,
  /** IPv4 to /24, IPv6 to /48: enough to see a network, not a household. */
  Truncated,
  None
}
