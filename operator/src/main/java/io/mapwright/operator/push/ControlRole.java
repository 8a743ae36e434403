package io.mapwright.operator.push;

/** Who the operator is to a gateway; the gateway tells them apart by the common name. */
public enum ControlRole {
  /** Writes maps, over the socket of level user. */
  TABLE("mapwright-operator"),
  /** Replaces certificates, which needs the socket of level admin and is used for nothing else. */
  CERTIFICATES("mapwright-operator-tls");

  private final String commonName;

  ControlRole(String commonName) {
    this.commonName = commonName;
  }

  public String commonName() {
    return commonName;
  }
}
