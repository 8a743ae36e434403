package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The session cookie: signed on its way out, verified on its way in. */
final class CookieAttacks {
  private static final String NAME = "mapwright_session";
  private static final byte[] CURRENT = new byte[32];
  private static final byte[] NEXT =
      "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private CookieAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("cookie leaves signed", CookieAttacks::leavesSigned),
        Attack.of("attributes of the server are replaced", CookieAttacks::attributes),
        Attack.of("cookie comes back unwrapped", CookieAttacks::comesBack),
        Attack.of("values of common frameworks", CookieAttacks::values),
        Attack.of("forged cookies", CookieAttacks::forged),
        Attack.of("old and future cookies", CookieAttacks::aged),
        Attack.of("rotation signs nobody out", CookieAttacks::rotation),
        Attack.of("no signing key, no session", CookieAttacks::noKey),
        Attack.of("second cookie beside a good one", CookieAttacks::duplicates),
        Attack.of("odd spellings", CookieAttacks::spellings),
        Attack.of("two cookie headers", CookieAttacks::twoHeaders),
        Attack.of("other cookies pass", CookieAttacks::others),
        Attack.of("sign-out", CookieAttacks::signOut),
        Attack.of("data paths have no cookies", CookieAttacks::data),
        Attack.of(
            "cookie of another name setting",
            settings -> settings.sessions(new SessionCookies("console", Duration.ofHours(1))),
            CookieAttacks::otherName));
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  private static String signed(String value, long issued, byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      var text = value + "." + issued;
      return text
          + "."
          + HexFormat.of()
              .withUpperCase()
              .formatHex(mac.doFinal(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String good() {
    return signed("alice", now(), CURRENT);
  }

  /** What the server sees of a Cookie header. */
  private static List<String> seen(Gateway gw, String cookie) {
    int before = gw.server.seen().size();
    gw.console("GET", "/admin/", "Cookie: " + cookie);
    return gw.server.seen().size() == before
        ? List.of("refused")
        : gw.server.seen().getLast().header("cookie");
  }

  private static void leavesSigned(Gateway gw) {
    gw.server.answerWith("Set-Cookie: " + NAME + "=alice; Path=/admin; Max-Age=3600\r\n");
    var cookie = gw.console("GET", "/admin/login").all("set-cookie");
    assertThat(cookie)
        .singleElement()
        .asString()
        .matches(
            NAME
                + "=alice\\.[0-9]{10}\\.[0-9A-F]{64}; Path=/admin; Max-Age=3600; HttpOnly; Secure; SameSite=Lax");
    var value = cookie.getFirst().substring(NAME.length() + 1).split(";", -1)[0];
    assertThat(value)
        .isEqualTo(signed("alice", Long.parseLong(value.split("\\.", -1)[1]), CURRENT));
    assertThat(seen(gw, NAME + "=" + value)).containsExactly(NAME + "=alice");
  }

  private static void attributes(Gateway gw) {
    gw.server.answerWith(
        "Set-Cookie: "
            + NAME
            + "=a.b; secure; Domain=.example.com; HttpOnly; samesite=None; Path=/; Partitioned\r\nSet-Cookie: theme=dark; Path=/\r\n");
    var cookies = gw.console("GET", "/admin/").all("set-cookie");
    assertThat(cookies).hasSize(2);
    assertThat(cookies.getFirst().toLowerCase(Locale.ROOT))
        .doesNotContain("domain")
        .doesNotContain("none")
        .containsOnlyOnce("secure")
        .containsOnlyOnce("httponly")
        .endsWith("samesite=lax");
    assertThat(cookies.getLast()).isEqualTo("theme=dark; Path=/; Secure");
  }

  private static void comesBack(Gateway gw) {
    assertThat(seen(gw, NAME + "=" + good())).containsExactly(NAME + "=alice");
    assertThat(seen(gw, NAME + "=" + signed("a.b.c=", now(), CURRENT)))
        .containsExactly(NAME + "=a.b.c=");
    assertThat(seen(gw, "a=1; " + NAME + "=" + good() + "; b=2"))
        .containsExactly("a=1; b=2; " + NAME + "=alice");
  }

  /** Compressed signed cookies begin with ".", others hold commas: what leaves has to come back. */
  private static void values(Gateway gw) {
    for (var value :
        List.of(
            ".eJxVjDsOwjAQBe_iGlm2N_5R0nMGa9e7wQHkSHFSIe5O:1tWxYz:s_ig-Nature",
            "a,b",
            "{user:1,roles:[a,b]}",
            "s%3Aabc.def%2Fghi",
            "\"quoted\"",
            ".",
            ",",
            "a=b==")) {
      gw.server.answerWith(
          "Set-Cookie: other=1,2; Path=/\r\nSet-Cookie: " + NAME + "=" + value + "; Path=/\r\n");
      var sent =
          gw.console("GET", "/admin/login").all("set-cookie").stream()
              .filter(cookie -> cookie.startsWith(NAME + "="))
              .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
              .toList();
      assertThat(sent).as(value).hasSize(1);
      assertThat(seen(gw, "first=1,2; " + sent.getFirst() + "; last=3"))
          .as(value)
          .containsExactly("first=1,2; last=3; " + NAME + "=" + value);
    }
    gw.server.answerWith("Set-Cookie: " + NAME + "=alone,1\r\n");
    assertThat(gw.console("GET", "/admin/").all("set-cookie"))
        .singleElement()
        .asString()
        .startsWith(NAME + "=alone,1.");
  }

  private static void forged(Gateway gw) {
    var good = good();
    for (var value :
        List.of(
            "alice",
            "alice." + now() + ".",
            "alice." + now() + "." + "0".repeat(64),
            good.replace("alice", "root"),
            good.replaceFirst("\\.[0-9]+\\.", "." + (now() + 10) + "."),
            good.toLowerCase(Locale.ROOT),
            good + "0",
            good.substring(0, good.length() - 1),
            good.substring(good.indexOf('.')),
            signed("alice", now(), new byte[] {1}),
            signed("alice", now(), NEXT),
            signed("", now(), CURRENT),
            "\"" + good + "\"",
            "")) {
      assertThat(seen(gw, NAME + "=" + value)).as(value).isIn(List.of(), List.of("refused"));
    }
  }

  private static void aged(Gateway gw) {
    long week = SessionCookies.DEFAULTS.maxAge().toSeconds();
    assertThat(seen(gw, NAME + "=" + signed("alice", now() - week + 60, CURRENT)))
        .containsExactly(NAME + "=alice");
    assertThat(seen(gw, NAME + "=" + signed("alice", now() - week - 60, CURRENT))).isEmpty();
    assertThat(seen(gw, NAME + "=" + signed("alice", now() + 3600, CURRENT))).isEmpty();
  }

  private static void rotation(Gateway gw) {
    var old = good();
    var map = gw.paths.map(GatewayMap.SESSION);
    gw.add(
        new MapEntry(GatewayMap.SESSION, "previous", Base64.getEncoder().encodeToString(CURRENT)));
    gw.runtime("set map " + map + " current " + Base64.getEncoder().encodeToString(NEXT));
    assertThat(seen(gw, NAME + "=" + old)).containsExactly(NAME + "=alice");
    assertThat(seen(gw, NAME + "=" + signed("bob", now(), NEXT))).containsExactly(NAME + "=bob");
    gw.runtime("del map " + map + " previous");
    assertThat(seen(gw, NAME + "=" + old)).isEmpty();
  }

  private static void noKey(Gateway gw) {
    gw.runtime("clear map " + gw.paths.map(GatewayMap.SESSION));
    assertThat(seen(gw, NAME + "=" + good())).isEmpty();
    assertThat(seen(gw, NAME + "=alice." + now() + ".")).isEmpty();
    gw.server.answerWith("Set-Cookie: " + NAME + "=alice\r\n");
    assertThat(gw.console("GET", "/admin/").header("set-cookie")).isEmpty();
  }

  private static void duplicates(Gateway gw) {
    for (var cookie :
        List.of(
            NAME + "=root; " + NAME + "=" + good(),
            NAME + "=" + good() + "; " + NAME + "=root",
            NAME + "=" + good() + ";" + NAME + "=root;" + NAME + "=evil",
            NAME + "=" + good() + "; a=1; " + NAME.toUpperCase(Locale.ROOT) + "=root")) {
      var seen = String.join("|", seen(gw, cookie));
      assertThat(seen).as(cookie).doesNotContain("root").doesNotContain("evil");
    }
  }

  private static void spellings(Gateway gw) {
    for (var cookie :
        List.of(
            NAME + " =root",
            " " + NAME + "=root",
            "\t" + NAME + "\t=root",
            "\"" + NAME + "\"=root",
            NAME + "=\"root\"",
            "Mapwright_Session=root",
            "a=1;" + NAME + "=root",
            "a=1," + NAME + "=root",
            "a=\"1; " + NAME + "=root\"",
            "$Version=1; " + NAME + "=root; $Path=/",
            NAME + "=root;",
            ";" + NAME + "=root",
            "%6dapwright_session=root",
            "a=" + NAME + "=root")) {
      var seen = String.join("|", seen(gw, cookie));
      assertThat(seen)
          .as(cookie)
          .satisfiesAnyOf(
              text -> assertThat(text).doesNotContain("root"),
              text -> assertThat(text).doesNotContainIgnoringCase(NAME));
    }
  }

  private static void twoHeaders(Gateway gw) {
    var reply = gw.console("GET", "/admin/", "Cookie: a=1", "Cookie: " + NAME + "=root");
    assertThat(reply.problem()).isEqualTo("request-headers");
    assertThat(gw.server.seen()).isEmpty();
  }

  private static void others(Gateway gw) {
    assertThat(seen(gw, "a=1; b=2")).containsExactly("a=1; b=2");
    assertThat(seen(gw, "my" + NAME + "x=1")).containsExactly("refused");
  }

  private static void signOut(Gateway gw) {
    gw.server.answerWith("Set-Cookie: " + NAME + "=; Path=/; Max-Age=0\r\n");
    assertThat(gw.console("POST", "/admin/logout").all("set-cookie"))
        .singleElement()
        .asString()
        .startsWith(NAME + "=; Path=/; Max-Age=0");
  }

  private static void data(Gateway gw) {
    gw.server.answerWith("Set-Cookie: " + NAME + "=alice\r\nSet-Cookie: a=b\r\n");
    var reply =
        gw.get(
            KeyAttacks.PATH + "?key=" + Table.TILES.value(),
            "Cookie: " + NAME + "=" + good() + "; a=1");
    assertThat(reply.header("set-cookie")).isEmpty();
    assertThat(gw.server.seen().getFirst().header("cookie")).isEmpty();
  }

  private static void otherName(Gateway gw) {
    assertThat(seen(gw, "console=" + good())).containsExactly("console=alice");
    assertThat(seen(gw, "console=" + signed("alice", now() - 7200, CURRENT))).isEmpty();
  }
}
