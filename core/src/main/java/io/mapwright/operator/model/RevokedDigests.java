package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Former digests of a key that grant no access any more. They are in its status; for a key that a
 * restore created, those of its former incarnation are in an annotation. Anyone who can set that
 * may also create a key with a digest and revoke it, so it grants no additional power.
 */
public final class RevokedDigests {
  /**
   * How many a key may have. None is ever dropped, so a key with that many is no longer rotated: at
   * one rotation a day that is after five and a half years.
   */
  public static final int MOST = 2_048;

  /** In memory, replaces an annotation that is not evaluated. */
  public static final String UNREAD = "unread";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private RevokedDigests() {}

  /**
   * Those of a key, each once, newest last. An annotation never adds more of them than a key may
   * have.
   */
  public static List<String> of(ApiKey key) {
    var stored =
        new LinkedHashSet<>(
            Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::retired).orElse(List.of()));
    return Stream.concat(
            annotated(key).stream()
                .filter(digest -> !stored.contains(digest))
                .distinct()
                .limit(Math.max(0, MOST - stored.size())),
            stored.stream())
        .toList();
  }

  /** Those that a restore brought along. Invalid digests are skipped. */
  public static List<String> annotated(ApiKey key) {
    return Optional.ofNullable(key.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(Labels.CUT_DIGESTS))
        .map(text ->
            Arrays.stream(text.split(",", MOST + 1))
                .limit(MOST)
                .filter(digest -> DIGEST.matcher(digest).matches())
                .toList())
        .orElse(List.of());
  }

  /**
   * Those of a key whose status is untrusted: all digests in it, so that revoked ones stay revoked
   * and accepted ones grant no access any more. Invalid digests are skipped, and so is the one in
   * the spec.
   */
  public static List<String> ofUntrusted(ApiKey key, ApiKeyStatus status) {
    var accepted =
        Stream.of(
                Optional.ofNullable(status.previous()),
                Optional.ofNullable(status.current()),
                Optional.ofNullable(status.next()))
            .flatMap(Optional::stream)
            .map(KeyDigest::sha256);
    return Stream.concat(
            Optional.ofNullable(status.retired()).stream().flatMap(List::stream), accepted)
        .filter(digest -> digest != null && DIGEST.matcher(digest).matches())
        .filter(digest -> !digest.equals(key.getSpec().digest()))
        .distinct()
        .limit(MOST)
        .toList();
  }

  /** The annotation that {@link #annotated} reads. */
  public static String annotation(Collection<String> digests) {
    return String.join(",", digests);
  }

  /** Whether there was no room in memory for the annotation: such a key grants no access. */
  public static boolean unread(ApiKey key) {
    return Optional.ofNullable(key.getMetadata().getAnnotations())
        .filter(annotations -> UNREAD.equals(annotations.get(Labels.CUT_DIGESTS)))
        .isPresent();
  }

  /** Whether one more rotation would exceed the maximum. */
  public static boolean full(ApiKey key) {
    return of(key).size() + 3 > MOST;
  }
}
