package io.mapwright.operator.oracle;

import java.util.List;

/** Origins that look alike, headers that claim things, and bytes that do not belong in one. */
final class HeaderMutations {
  static final List<String> GOOD_ORIGINS =
      List.of(
          Places.SITE,
          "https://a.apps.example.org",
          "http://localhost:3000",
          "https://example.net:8443",
          "https://x.accounts.example.org:8443",
          "https://other.example");
  private static final List<String> ORIGINS =
      List.of(
          "http://www.example.com",
          "https://www.example.com:443",
          "https://www.example.com:8443",
          "https://www.example.com.evil.example",
          "https://evilwww.example.com",
          "https://example.com",
          "https://www.example.com/",
          "https://www.example.com@evil.example",
          "https://evil.example#https://www.example.com",
          "https://www.example.co",
          "https://apps.example.org",
          "https://xapps.example.org",
          "https://a.b.apps.example.org",
          "https://.apps.example.org",
          "https://*.apps.example.org",
          "https://a*.apps.example.org",
          "https://a.apps.example.org:444",
          "http://a.apps.example.org",
          "https://a-b_c.apps.example.org",
          "https://a@b.apps.example.org",
          "https://a:b.apps.example.org",
          "https://a?.apps.example.org",
          "https://a#.apps.example.org",
          "https://a b.apps.example.org",
          "https://a,b.apps.example.org",
          "https://A.apps.example.org",
          "https://\u00e4.apps.example.org",
          "HTTPS://WWW.EXAMPLE.COM",
          "null",
          "",
          "*",
          "file://",
          "https://",
          "https://www.example.com https://www.example.com",
          "https://www.example.com, https://evil.example",
          "web|https://www.example.com",
          "https://evil.example",
          "moz-extension://abc",
          "https://x.accounts.example.org",
          "https://evil.example/https://www.example.com/",
          "about:blank",
          "//www.example.com/",
          "/",
          "https://evil.example/?https://www.example.com",
          "https://www.example.com?x",
          "https://www.example.com#x",
          "https://www.example.com\\@evil.example/",
          "https://a\".apps.example.org",
          "https://%61.apps.example.org",
          "https://a|b.apps.example.org",
          "https://" + "a".repeat(1500) + ".example",
          "https://" + NamedKey.WEB.text + ".example",
          "https://example.net/?key=" + NamedKey.TILES.text);
  private static final List<String> FORGED =
      List.of(
          "X-Mapwright-Key-Id",
          "X-Mapwright-Scope",
          "X-Mapwright-Other",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Prefix",
          "Forwarded",
          "X-Real-IP",
          "True-Client-IP",
          "X-Original-URL",
          "X-Rewrite-URL",
          "X-HTTP-Method-Override",
          "X-Request-Id",
          "Proxy-Authorization",
          "X_Mapwright_Key_Id",
          "X_Forwarded_For",
          "X_Api_Key",
          "X.Mapwright",
          "Via",
          "X-Client-IP",
          "Cookie2",
          "X-Forwarded-User",
          "X-Auth-Request-Email",
          "Remote-User",
          "X-Original-URI",
          "X-Accel-Redirect");
  private static final List<String> ORDINARY =
      List.of(
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "If-None-Match",
          "If-Modified-Since",
          "If-Range",
          "Range",
          "Cache-Control",
          "Pragma",
          "Traceparent",
          "User-Agent",
          "DNT",
          "Content-Type",
          "Content-Encoding",
          "Priority",
          "Sec-Fetch-Mode",
          "Sec-CH-UA",
          "X-Requested-With",
          "X-CSRF-Token",
          "X-CSRFToken",
          "X-XSRF-TOKEN",
          "HX-Request",
          "Last-Event-ID",
          "Content-Disposition",
          "Upgrade-Insecure-Requests",
          "Accept-X");

  static final List<Mutation> ALL =
      List.of(
          (draft, chance) -> origin(draft, chance, "Origin"),
          (draft, chance) -> origin(draft, chance, "Referer"),
          (draft, chance) -> draft.add("Origin", chance.one(ORIGINS)),
          (draft, chance) ->
              draft.add("Referer", chance.one(ORIGINS) + chance.one("", "/", "/a?b#c", "?x", "#")),
          (draft, chance) -> draft.add(chance.one(FORGED), chance.one("forged", "127.0.0.1", "")),
          (draft, chance) -> draft.add(chance.one(ORDINARY), chance.one("x", "", "a, b", "\"e\"")),
          HeaderMutations::twice,
          HeaderMutations::oddBytes,
          (draft, chance) -> draft.add("Cookie", Cookies.some(chance)),
          (draft, chance) ->
              draft.add(
                  chance.one(
                      "Connection",
                      "Keep-Alive",
                      "TE",
                      "Upgrade",
                      "Trailer",
                      "HTTP2-Settings",
                      "Proxy-Connection"),
                  chance.one(
                      "X-Mapwright-Key-Id", "keep-alive", "trailers", "h2c", "Host, Origin")),
          (draft, chance) ->
              draft.add(
                  "X-Forwarded-For",
                  chance.one(
                      "192.0.2.7",
                      "10.0.0.1",
                      "192.0.2.7, 198.51.100.2",
                      "198.51.100.2,192.0.2.7",
                      "",
                      "x",
                      "192.0.2.7:80",
                      "::1")),
          (draft, chance) -> preflight(draft, chance),
          (draft, chance) -> preflight(draft, chance));

  private HeaderMutations() {}

  private static void origin(Draft draft, Chance chance, String name) {
    draft.fields.removeIf(field -> field.name().equals("Origin") || field.name().equals("Referer"));
    draft.add(name, chance.one(ORIGINS));
  }

  private static void twice(Draft draft, Chance chance) {
    if (draft.fields.isEmpty()) {
      return;
    }
    var field = chance.one(draft.fields);
    draft.add(field.name(), chance.percent(50) ? field.value() : "other");
  }

  private static void oddBytes(Draft draft, Chance chance) {
    var odd =
        chance.one("\t", "\u0001", "\u0008", "\u007f", "\u001b", "\u00e9\u00ff", "\0", "\r", "\n");
    draft.add(chance.one("Accept", "X-Odd", "User-Agent", "Origin"), "a" + odd + "b");
  }

  private static void preflight(Draft draft, Chance chance) {
    draft.method = "OPTIONS";
    draft.body = "";
    draft.add("Access-Control-Request-Method", chance.one("GET", "POST", "PUT"));
    if (draft.fields.stream().noneMatch(field -> field.name().equals("Origin"))) {
      draft.add("Origin", chance.percent(60) ? chance.one(GOOD_ORIGINS) : chance.one(ORIGINS));
    }
  }
}
