package io.mapwright.operator.gateway;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An address block such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; a bare address is a block
 * of one.
 */
public record Cidr(String text) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<v4>[0-9]{1,3}(\\.[0-9]{1,3}){3})(/(?<l4>[0-9]{1,2}))?|(?<v6>[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(/(?<l6>[0-9]{1,3}))?");

  public Cidr {
    var matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          Lexical.quoted(text) + " is not an address block such as 10.0.0.0/8");
    }
    boolean v4 = matcher.group("v4") != null;
    var length = v4 ? matcher.group("l4") : matcher.group("l6");
    Lexical.between(
        "prefix length of " + text,
        0,
        length == null ? 0 : Integer.parseInt(length),
        v4 ? 32 : 128);
    checkAddress(text, v4 ? matcher.group("v4") : matcher.group("v6"));
  }

  private static void checkAddress(String text, String address) {
    try {
      // The shape admits digits and punctuation only, so this parses a literal and never asks a
      // resolver.
      var _ = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Lexical.quoted(text) + " is not an address block such as 10.0.0.0/8", e);
    }
  }
}
