package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.model.RevokedDigests;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The digests of a key. Pure. */
public final class KeyDigests {
  private KeyDigests() {}

  /** Digests of a key: that of its spec, or the current, the previous and the next. */
  static List<KeyDigest> of(ApiKey key) {
    var external = key.getSpec().digest();
    if (external != null) {
      return List.of(new KeyDigest(external, null, null, null));
    }
    var status = Optional.ofNullable(key.getStatus());
    return Stream.<Function<ApiKeyStatus, KeyDigest>>of(
            ApiKeyStatus::current, ApiKeyStatus::previous, ApiKeyStatus::next)
        .flatMap(digest -> status.map(digest).stream())
        .filter(digest -> digest.sha256() != null)
        .toList();
  }

  /** The values of these digests, in lower-case hex. */
  static Stream<String> sha256(ApiKey key) {
    return of(key).stream().map(KeyDigest::sha256).flatMap(Stream::ofNullable);
  }

  /** The digest that must be accepted for the key to work; empty before the key is generated. */
  static Optional<String> main(ApiKey key) {
    return Optional.ofNullable(key.getSpec().digest())
        .or(() ->
            Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::current).map(KeyDigest::sha256));
  }

  /** All digests that a key has or had, in lower-case hex, accepted or not. */
  public static Stream<String> ever(ApiKey key) {
    return Stream.concat(sha256(key), RevokedDigests.of(key).stream());
  }
}
