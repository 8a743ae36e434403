package io.mapwright.operator.model;

/** Kinds of other projects that may be absent, or come and go while the operator runs. */
public enum Capability {
  CERTIFICATE("cert-manager.io/v1", "Certificate", "no certificate is issued"),
  SERVICE_MONITOR("monitoring.coreos.com/v1", "ServiceMonitor", "Prometheus is not told to scrape"),
  HTTP_ROUTE("gateway.networking.k8s.io/v1", "HTTPRoute", "no route leads to the instance");

  private final String apiVersion;
  private final String kind;
  private final String consequence;

  Capability(String apiVersion, String kind, String consequence) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.consequence = consequence;
  }

  public String apiVersion() {
    return apiVersion;
  }

  public String group() {
    return apiVersion.substring(0, apiVersion.indexOf('/'));
  }

  public String kind() {
    return kind;
  }

  /** Describes that the kind is absent, the likely cause, and the consequence. */
  public String absence() {
    return kind
        + " ("
        + apiVersion
        + ") is not installed, or was installed after the operator, whose rights \"helm upgrade\" brings up to"
        + " date: "
        + consequence;
  }
}
