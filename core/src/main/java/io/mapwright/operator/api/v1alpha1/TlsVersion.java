package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Oldest TLS version a client may speak. */
public enum TlsVersion {
  @JsonProperty("1.2")
  V1_2,
  @JsonProperty("1.3")
  V1_3
}
