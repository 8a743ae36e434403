package io.mapwright.operator.api.v1alpha1;

/**
 * Formats of text that a schema's pattern could express, but not explain. Each is a rule in CEL
 * about {@code self}; regular expressions are RE2's.
 */
enum Form {
  /** RFC 1123, section 2.1, in lower case. */
  HOST(
      "self.matches('^" + Form.NAME + "([.]" + Form.NAME + ")*$')",
      "must be a host name in lower case, without scheme, port, path or wildcard, each label of at most 63 characters; an internationalized name in its xn-- form"),

  /** As browsers write it (RFC 6454, section 6.2), or with a star for one label. */
  ORIGIN(
      "self.matches('^(https://"
          + Form.NAME
          + "([.]"
          + Form.NAME
          + ")*|https://[*]([.]"
          + Form.NAME
          + "){2,}|http://(localhost|127[.]0[.]0[.]1))"
          + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?$')",
      "must be https://host, https://*.example.com or http://localhost, with an optional port, lower case, without path, user or trailing slash; an internationalized name in its xn-- form"),

  /** No segment that the gateway, or the map server behind it, could read as another one. */
  PREFIX(
      "self.matches('^(/[-_~a-z0-9][-._~a-z0-9]*)+/?$')",
      "must be a path in lower case such as /v1/tiles; no segment may be empty or begin with a dot"),

  PATH(
      "self.matches('^/([-_~a-zA-Z0-9][-._~a-zA-Z0-9]*(/[-_~a-zA-Z0-9][-._~a-zA-Z0-9]*)*/?)?$')",
      "must be a path such as /health; no segment may be empty or begin with a dot"),

  /** As Kubernetes takes keys of Secrets. */
  DATA_KEY(
      "self.matches('^[.]?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$')",
      "must consist of letters, digits, '-', '_' and '.', as keys in Secrets are; not '.' and not beginning with '..'"),

  /** The value of a label, as Kubernetes takes it. */
  LABEL(
      "self.matches('^([a-zA-Z0-9]([-._a-zA-Z0-9]*[a-zA-Z0-9])?)?$')",
      "must be a label's value: letters, digits, '-', '_' and '.', with a letter or digit at both ends"),

  LIFETIME(
      Form.within("1", "315360000"),
      "must be a whole number and one of s, m, h and d, such as 90d, and at most 3650d"),

  /** What reads the Secret has to see the new key, and former keys stay cut for good. */
  ROTATION(
      Form.within("3600", "315360000"),
      "must be a whole number and one of s, m, h and d, such as 90d, at least 1h and at most 3650d"),

  SESSION(
      Form.within("60", "604800"),
      "must be a whole number and one of s, m, h and d, such as 12h, at least 1m and at most 7d"),

  TIME(
      Form.time("([.][0-9]{1,9})?(Z|[-+](0[0-9]|1[0-7]):[0-5][0-9]|[-+]18:00)"),
      "must be an RFC 3339 time from 2020 on, with a date that exists, such as 2027-01-31T00:00:00Z"),

  TIME_UTC(
      Form.time("Z"),
      "must be a time in UTC from 2020 on, with a date that exists, such as 2027-01-31T03:00:00Z"),

  /** What is no quantity at all has a pattern that says so. */
  SIZE(
      "!isQuantity(string(self)) || quantity(string(self)).isGreaterThan(quantity('0'))",
      "must be more than 0, such as 10Gi");

  private static final String NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  /** A duration, as a pattern in CEL. */
  static final String DURATION = "'^[1-9][0-9]{0,5}[smhd]$'";

  /** Seconds of the last letter of a duration. */
  static final String UNITS = "{'s': 1, 'm': 60, 'h': 3600, 'd': 86400}";

  final String rule;
  final String words;

  Form(String rule, String words) {
    this.rule = rule;
    this.words = words;
  }

  /** Bounds in seconds. Where the shape is wrong, nothing is left to convert. */
  private static String within(String least, String most) {
    var seconds =
        "int(self.substring(0, size(self) - 1)) * " + UNITS + "[self.substring(size(self) - 1)]";
    return ("self.matches(" + DURATION + ") && %1$s >= %2$s && %1$s <= %3$s")
        .formatted(seconds, least, most);
  }

  private static String time(String end) {
    var day =
        "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))";
    var year = "int(self.substring(0, 4))";
    return "self.matches('^[0-9]{4}-"
        + day
        + "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        + end
        + "$') && self >= '2020' && (self.substring(4, 10) != '-02-29' || (%1$s %% 4 == 0 && (%1$s %% 100 != 0 || %1$s %% 400 == 0)))"
            .formatted(year);
  }
}
