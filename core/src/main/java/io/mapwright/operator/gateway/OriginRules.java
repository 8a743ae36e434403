package io.mapwright.operator.gateway;

/** Which pages may use the key. Origins restrict browsers; other clients can send any origin. */
final class OriginRules {
  private OriginRules() {}

  static String render(GatewayPaths paths) {
    return new Template(TEXT).with("pages", pages("http-request", paths)).done();
  }

  /** Whether the page may use the key, for a key with pages; and then what it may read. */
  static String pages(String rule, GatewayPaths paths) {
    return new Template(PAGES)
        .with("rule", rule)
        .with("origins", paths.map(GatewayMap.ORIGINS))
        .done();
  }

  static final String ACLS =
      """
          acl has_origin var(txn.origin) -m found
          acl origin_allowed var(txn.origin_ok) -m found
          # An origin with a star would find a wildcard's own line.
          acl starred var(txn.from) -m sub *
          acl missing_allowed var(txn.flags) -m beg m
          acl credentials_allowed var(txn.flags) -m end c
          acl restricted var(txn.restricted) -m bool
      """;

  private static final String PAGES =
      """
          {{rule}} set-var(txn.set) var(txn.entry),field(7,|) if restricted
          {{rule}} set-var(txn.flags) var(txn.entry),field(8,|) if restricted
          # <img> sends no Origin, only a Referer.
          {{rule}} set-var(txn.from) var(txn.origin) if restricted
          {{rule}} set-var(txn.from) 'req.fhdr(referer),regsub("^(https?://[^/?#]*).*$","\\1")' if restricted !has_origin { req.fhdr(referer) -m found }
          {{rule}} set-var(txn.origin_ok) var(txn.set),concat(|,txn.from),map_str({{origins}}) if restricted { var(txn.from) -m found } !starred
          # One label may stand for *, so the look-up needs no pattern per origin.
          {{rule}} set-var(txn.wild) 'var(txn.from),regsub("^(https?://)[A-Za-z0-9_-]+[.]","\\1*.")' if restricted !origin_allowed !starred { var(txn.from) -m found }
          {{rule}} set-var(txn.origin_ok) var(txn.set),concat(|,txn.wild),map_str({{origins}}) if restricted !origin_allowed { var(txn.wild) -m found }
          {{rule}} set-var(txn.acao) var(txn.origin) if restricted origin_allowed has_origin
          {{rule}} set-var(txn.credentials) bool(true) if restricted origin_allowed has_origin credentials_allowed
      """;

  private static final String TEXT =
      """

          # --- origin
          http-request set-var(txn.restricted) bool(true) if key_known !{ var(txn.entry),field(7,|) -m str * }
      {{pages}}\
          http-request set-var(txn.rule) str(origin-denied) if restricted { var(txn.from) -m found } !origin_allowed
          http-request set-var(txn.rule) str(origin-missing) if restricted !{ var(txn.from) -m found } !missing_allowed
          http-request allow if { var(txn.rule) -m found }
      """;
}
