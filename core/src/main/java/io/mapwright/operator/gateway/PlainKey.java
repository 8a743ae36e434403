package io.mapwright.operator.gateway;

/**
 * A key in plain text, on its way to the one Secret that delivers it. Its string form is redacted.
 */
public record PlainKey(String value) {
  public PlainKey {
    if (!ApiKeyFormat.isWellFormed(value)) {
      throw new IllegalArgumentException("not a well-formed API key");
    }
  }

  public String digest() {
    return ApiKeyFormat.digest(value);
  }

  public String keyId() {
    return ApiKeyFormat.keyId(digest());
  }

  @Override
  public String toString() {
    return "PlainKey[***]";
  }
}
