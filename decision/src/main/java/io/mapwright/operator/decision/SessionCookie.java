package io.mapwright.operator.decision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mapwright.operator.gateway.SessionKeyEntry;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Cookie header that the console gets: every session cookie taken out, the last put back if its
 * signature holds, and without it.
 *
 * @param text empty for no header
 * @param ambiguous whether what is left still names the session cookie
 */
record SessionCookie(Optional<String> text, boolean ambiguous) {
  private static final Pattern SIGNED =
      Pattern.compile("(?s)((.+)\\.([0-9]{10}))\\.([0-9A-F]{64})");

  /** Clocks differ: a cookie may come from this many seconds ahead. */
  private static final long SKEW = 60;

  static SessionCookie inward(Request request, Table table, Instant now) {
    var name = table.settings().sessions().cookieName();
    var crumbs = List.of(request.first("cookie").orElse("").split(";", -1));
    var others =
        crumbs.stream()
            .filter(crumb -> !name(crumb).equalsIgnoreCase(name))
            .collect(Collectors.joining(";"))
            .replaceFirst("^[; \\t]+", "");
    if (others.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))) {
      return new SessionCookie(Optional.empty(), true);
    }
    var session =
        crumbs.stream()
            .filter(crumb -> name(crumb).equals(name))
            .reduce((_, last) -> last)
            .flatMap(crumb -> verified(crumb.substring(crumb.indexOf('=') + 1).strip(), table, now))
            .map(value -> name + "=" + value);
    var text =
        Stream.of(others, session.orElse(""))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "));
    return new SessionCookie(Optional.of(text).filter(value -> !value.isEmpty()), false);
  }

  private static String name(String crumb) {
    int equals = crumb.indexOf('=');
    return equals < 0 ? "" : crumb.substring(0, equals).strip();
  }

  private static Optional<String> verified(String value, Table table, Instant now) {
    var parts = SIGNED.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long age = now.getEpochSecond() - Long.parseLong(parts.group(3));
    boolean genuine =
        table.sessionKeys().stream()
            .anyMatch(key -> signature(key, parts.group(1)).equals(parts.group(4)));
    return genuine && age >= -SKEW && age <= table.settings().sessions().maxAge().toSeconds()
        ? Optional.of(parts.group(2))
        : Optional.empty();
  }

  private static String signature(SessionKeyEntry key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.base64Key()), "HmacSHA256"));
      return HexFormat.of().withUpperCase().formatHex(mac.doFinal(text.getBytes(ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
