package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session cookies, genuine and not. Those of the future and the past are far off: the clock runs.
 */
final class Cookies {
  private static final String NAME = "mapwright_session";

  /** Signed once for all runs: in 2001, in 2096, and at the time that a run starts. */
  private static final long LONG_AGO = 1_000_000_000L;

  private static final long FAR_AHEAD = 4_000_000_000L;
  private static final long NOW = System.currentTimeMillis() / 1000;

  /** A genuine session of this hour. */
  static final String SESSION = signed("alice", NOW, World.SIGNING);

  private Cookies() {}

  static String some(Chance chance) {
    var genuine = NAME + "=" + SESSION;
    return chance.one(
        genuine,
        genuine,
        "a=1; " + genuine + "; b=2",
        "a=1; b=2",
        "a=1;b=2;;c",
        NAME + "=" + signed("a.b.c=", NOW, World.SIGNING_BEFORE),
        NAME + "=" + signed(".eJw1z8-eQ:1tWx:s_ig", NOW, World.SIGNING),
        NAME + "=" + signed("{a:1,b:2}", NOW, World.SIGNING) + " ; c=3",
        NAME + "=" + signed("alice", LONG_AGO, World.SIGNING),
        NAME + "=" + signed("alice", FAR_AHEAD, World.SIGNING),
        NAME + "=" + signed("alice", NOW, "x".repeat(32).getBytes(ISO_8859_1)),
        genuine.replace("alice", "root"),
        genuine + "0",
        NAME + "=alice",
        NAME + "=",
        "Mapwright_Session=root; a=1",
        genuine + "; " + NAME + "=root",
        NAME + "=root; " + genuine,
        "a=" + NAME + "; b=1",
        "my" + NAME + "=1",
        "a=1; " + NAME + " =root");
  }

  private static String signed(String value, long issued, byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      var text = value + "." + issued;
      var sum = mac.doFinal(text.getBytes(ISO_8859_1));
      return text + "." + HexFormat.of().withUpperCase().formatHex(sum);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
