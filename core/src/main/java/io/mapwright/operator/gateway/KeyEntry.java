package io.mapwright.operator.gateway;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The gateway's entry for one key: never the key, only its SHA-256 digest.
 *
 * @param counter key id under which its requests are counted; digests with the same one share their
 *     limit
 * @param originSet the {@link OriginEntry#originSet} that pages must come from; empty for any
 *     origin
 * @param missingOriginAllowed whether a client that names no origin (an app, a server) may use the
 *     key
 * @param allowCredentials whether browsers may send credentials along; needs an origin set
 */
public record KeyEntry(
    String digestHex,
    String keyId,
    String counter,
    Set<Scope> scopes,
    OptionalLong notAfterEpochSeconds,
    RequestRate rateLimit,
    Optional<String> originSet,
    boolean missingOriginAllowed,
    boolean allowCredentials) {
  private static final Pattern DIGEST = Pattern.compile("[0-9A-F]{64}");
  private static final Pattern KEY_ID = Pattern.compile("[a-z0-9]{4,32}");

  /**
   * The last second of the year 9999: a date like any other, so that the gateway needs no special
   * case.
   */
  private static final String NEVER = "253402300799";

  public KeyEntry {
    if (!DIGEST.matcher(digestHex).matches()) {
      throw new IllegalArgumentException("digest is not 64 upper-case hexadecimal digits");
    }
    requireKeyId(keyId);
    requireKeyId(counter);
    scopes = Set.copyOf(scopes);
    if (notAfterEpochSeconds.isPresent() && notAfterEpochSeconds.getAsLong() <= 0) {
      throw new IllegalArgumentException("a key cannot end before 1970");
    }
    originSet.ifPresent(set -> Lexical.name("origin set", set));
    if (allowCredentials && originSet.isEmpty()) {
      throw new IllegalArgumentException(
          "credentials need an origin set: browsers refuse them together with any origin");
    }
  }

  private int bits() {
    boolean oneLimit = rateLimit.perClientRequestsPerSecond() == 0 && counter.equals(keyId);
    return ScopeBits.mask(scopes)
        | (oneLimit ? ScopeBits.ONE_LIMIT : 0)
        | (originSet.isEmpty() ? ScopeBits.ANY_PAGE : 0);
  }

  private static void requireKeyId(String keyId) {
    if (!KEY_ID.matcher(keyId).matches()) {
      throw new IllegalArgumentException(
          "key id " + Lexical.quoted(keyId) + " is not 4 to 32 lower-case letters or digits");
    }
  }

  /** {@code id|bits|not after|burst|per 10 s|per 10 s and client|origin set|flags|counter}. */
  public MapEntry toMapEntry() {
    var value =
        String.join(
            "|",
            keyId,
            Integer.toString(bits()),
            notAfterEpochSeconds.isPresent()
                ? Long.toString(notAfterEpochSeconds.getAsLong())
                : NEVER,
            Integer.toString(rateLimit.burst()),
            Long.toString(10L * rateLimit.requestsPerSecond()),
            Long.toString(10L * rateLimit.perClientRequestsPerSecond()),
            originSet.orElse("*"),
            (missingOriginAllowed ? "m" : "-") + (allowCredentials ? "c" : "-"),
            counter);
    return new MapEntry(GatewayMap.KEYS, digestHex, value);
  }
}
