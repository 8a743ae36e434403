package io.mapwright.operator.gateway;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An origin as browsers write it (RFC 6454, 6.2): scheme, host, and port unless it is the scheme's
 * own. The first label may be {@code *}, which stands for exactly one label.
 */
public record AllowedOrigin(String text) {
  private static final Pattern SHAPE =
      Pattern.compile("(https?)://([^/?#@:\\[\\]\\s]+|\\[::1\\])(?::([0-9]{1,5}))?");
  private static final Pattern LABELS = Pattern.compile("[^.]+(\\.[^.]+)+");

  public AllowedOrigin {
    if (!text.equals(canonical(text))) {
      throw new IllegalArgumentException(
          "origin " + Lexical.quoted(text) + " is not canonical: use AllowedOrigin.parse");
    }
  }

  /** Parse what a user wrote; the message of the exception says what to write instead. */
  public static AllowedOrigin parse(String text) {
    return new AllowedOrigin(canonical(text));
  }

  public boolean wildcard() {
    return text.contains("://*.");
  }

  private static String canonical(String text) {
    if (text.equals("null")) {
      throw refused(text, "every sandboxed page and local file shares the origin null");
    }
    if (text.equals("*")) {
      throw refused(text, "to allow any origin, name no origin policy");
    }
    var parts = SHAPE.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw refused(
          text, "write scheme://host or scheme://host:port, without path, user name or blanks");
    }
    var scheme = parts.group(1);
    var host = parts.group(2);
    checkHost(text, host);
    if (scheme.equals("http") && !local(host)) {
      throw refused(text, "http is for localhost only: use https");
    }
    return scheme + "://" + host + port(text, scheme, parts.group(3));
  }

  private static void checkHost(String text, String host) {
    if (host.chars().anyMatch(c -> c > 0x7f)) {
      throw refused(text, "browsers send the punycode form: write " + punycode(text, host));
    }
    if (local(host)) {
      return;
    }
    boolean wildcard = host.startsWith("*.");
    var name = wildcard ? host.substring(2) : host;
    if (name.contains("*")) {
      throw refused(text, "* may only be the whole first label, as in https://*.example.com");
    }
    if (wildcard && !LABELS.matcher(name).matches()) {
      throw refused(text, "a wildcard needs at least two labels after it");
    }
    Lexical.host("origin host", name);
  }

  private static boolean local(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
  }

  private static String punycode(String text, String host) {
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw refused(text, "the host is not a valid international name");
    }
  }

  private static String port(
      String text, String scheme, @org.jspecify.annotations.Nullable String port) {
    if (port == null) {
      return "";
    }
    int number = Integer.parseInt(port);
    if (number < 1 || number > 65535) {
      throw refused(text, "a port is 1 to 65535");
    }
    return number == (scheme.equals("https") ? 443 : 80) ? "" : ":" + number;
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException("origin " + Lexical.quoted(text) + " is refused: " + why);
  }
}
