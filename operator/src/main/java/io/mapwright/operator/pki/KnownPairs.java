package io.mapwright.operator.pki;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Remembers which private keys belong to which public ones: to find out takes a signature and its
 * verification, three milliseconds, and each pass asks for the same pairs. Keeps digests only, of
 * the pairs that were asked for last.
 */
final class KnownPairs {
  private final BiPredicate<PrivateKey, PublicKey> check;
  private final Map<String, Boolean> known;

  /**
   * Knows none yet.
   *
   * @param most how many are remembered
   * @param check finds out what is not remembered
   */
  KnownPairs(int most, BiPredicate<PrivateKey, PublicKey> check) {
    this.check = check;
    known =
        Collections.synchronizedMap(
            new LinkedHashMap<>(16, 0.75f, true) {
              @Override
              protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
              }
            });
  }

  boolean match(PrivateKey key, PublicKey certified) {
    var digest = digest(key, certified);
    var before = known.get(digest);
    if (before != null) {
      return before;
    }
    var matching = check.test(key, certified);
    known.put(digest, matching);
    return matching;
  }

  private static String digest(PrivateKey key, PublicKey certified) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      // Both are DER, which says where it ends.
      sha256.update(certified.getEncoded());
      return HexFormat.of().formatHex(sha256.digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
