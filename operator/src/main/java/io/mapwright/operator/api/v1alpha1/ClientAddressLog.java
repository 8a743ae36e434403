package io.mapwright.operator.api.v1alpha1;

/** How the decision log names the client. */
public enum ClientAddressLog {
  Full,
  Truncated,
  None
}
