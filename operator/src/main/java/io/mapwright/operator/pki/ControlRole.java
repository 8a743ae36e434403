package io.mapwright.operator.pki;

/** The operator's roles towards a gateway, which distinguishes them by the common name. */
public enum ControlRole {
  /** Writes maps, over the socket of level user. */
  TABLE("mapwright-operator"),
  /** Replaces certificates and reads the counters of keys: both need the socket of level admin. */
  CERTIFICATES("mapwright-operator-tls");

  private final String commonName;

  ControlRole(String commonName) {
    this.commonName = commonName;
  }

  public String commonName() {
    return commonName;
  }
}
