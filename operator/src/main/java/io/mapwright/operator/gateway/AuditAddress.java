package io.mapwright.operator.gateway;

/** How much of the client's address the decision log keeps. */
public enum AuditAddress {
  FULL,
  /** IPv4 to /24, IPv6 to /48: enough to see a network, not a household. */
  TRUNCATED,
  NONE
}
