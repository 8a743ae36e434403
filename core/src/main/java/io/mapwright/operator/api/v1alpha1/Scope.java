package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a key may do; a request succeeds only if its key holds the scope of its path. */
public enum Scope {
  @JsonProperty("tiles")
  TILES,
  @JsonProperty("styles")
  STYLES,
  @JsonProperty("fonts")
  FONTS,
  @JsonProperty("routing")
  ROUTING,
  @JsonProperty("admin")
  ADMIN;

  /** Returns the name as it stands in YAML and in the gateway's maps. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
