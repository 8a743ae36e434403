package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The digests of a key.
 *
 * @param trigger the rotation trigger that was last acted on
 */
record Digests(
    @Nullable KeyDigest current,
    @Nullable KeyDigest previous,
    @Nullable KeyDigest next,
    @Nullable String trigger) {
  static final Digests NONE = new Digests(null, null, null, null);

  static Digests of(ApiKey key) {
    return of(Optional.ofNullable(key.getStatus()));
  }

  /** The same without a key that is being generated. */
  Digests withoutNext() {
    return next == null ? this : new Digests(current, previous, null, trigger);
  }

  /** Digests that gateways accept, newest last. */
  Stream<String> accepted() {
    return Stream.of(
            Optional.ofNullable(previous), Optional.ofNullable(current), Optional.ofNullable(next))
        .flatMap(Optional::stream)
        .map(KeyDigest::sha256)
        .flatMap(Stream::ofNullable);
  }

  /** A key with these digests instead of its own. */
  ApiKey in(ApiKey key) {
    if (equals(of(key))) {
      return key;
    }
    var status = Optional.ofNullable(key.getStatus());
    return KeyFacts.with(
        key,
        new ApiKeyStatus(
            null,
            status.map(ApiKeyStatus::state).orElse(null),
            null,
            null,
            current,
            previous,
            next,
            status.map(ApiKeyStatus::retired).orElse(null),
            null,
            null,
            trigger,
            null,
            null,
            null,
            null,
            null));
  }

  static Digests of(Optional<ApiKeyStatus> status) {
    return status
        .map(s -> new Digests(s.current(), s.previous(), s.next(), s.observedTrigger()))
        .orElse(NONE);
  }
}
