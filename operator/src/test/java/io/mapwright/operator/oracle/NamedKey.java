package io.mapwright.operator.oracle;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Keys that are the same in every run, so that a case can be reproduced. */
enum NamedKey {
  TILES,
  STYLES,
  EVERYTHING,
  ADMIN,
  /** Every scope, the console's too. */
  ROOT,
  EXPIRED,
  ENDING,
  WEB,
  WEB_AND_APPS,
  WITH_CREDENTIALS,
  OTHER_SITE,
  /** Well-formed, in no table. */
  UNKNOWN;

  final String text = mint(name());

  PlainKey key() {
    return new PlainKey(text);
  }

  String placeholder() {
    return "{" + name().toLowerCase(java.util.Locale.ROOT) + "}";
  }

  private static String mint(String name) {
    var body = ApiKeyFormat.PREFIX + ApiKeyFormat.digest("oracle " + name).substring(0, 28);
    return body + checksum(body);
  }

  static String checksum(String body) {
    var crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
