package io.mapwright.operator.api.v1alpha1;

/** How the gateway learns the address of the client. */
public enum ClientAddressSource {
  Direct,
  ProxyProtocol,
  Forwarded
}
