package io.mapwright.operator.gateway;

import java.util.List;

/**
 * The longest texts that an expression can meet, most of one piece said over and over, so that each
 * repetition in the expression takes as many turns as it can.
 *
 * @param fragment what only this expression holds
 * @param whole whether the fragment is all of it
 * @param matching texts that it has to match, however long; none where "no match" only costs time
 * @param others texts that it must not match
 */
record WorstTexts(String fragment, boolean whole, List<String> matching, List<String> others) {
  /** More than the path and query that any setting admits. */
  private static final int URI = 12_288;

  /** More than all headers of a request: they share one buffer of HAProxy's. */
  private static final int HEAD = 16_000;

  private static final String SESSION = "mapwright_session";
  private static final String SIGNED = ".1700000000." + "0A".repeat(32);

  private static final String KEY = "?key=mpw_pk_" + "a".repeat(28) + "0".repeat(8);
  private static final String HEAD_LINE = "host: maps.example.com\r\n";

  static final List<WorstTexts> ALL =
      List.of(
          // --- fast path: a match admits
          of(
              "^(?=.{1,256}$)",
              some(),
              some(uri("/a"), "/" + uri("_pk"), uri("/a") + KEY, uri("a"), "/" + uri("."))),
          of(
              "^https://[a-z0-9.-]+(?=",
              some(),
              some("https://a" + uri("/a"), "https://" + uri("a."), "https://a" + uri("/a") + KEY)),
          of(
              "(?<host>",
              some(HEAD_LINE + head("accept: a\r\n"), HEAD_LINE + "accept: " + head("a") + "\r\n"),
              some(
                  head("accept: a\r\n"),
                  HEAD_LINE + head("accept: a\r\n") + HEAD_LINE,
                  HEAD_LINE + head("accept: a\r\n") + "cookie: a\r\n",
                  HEAD_LINE + head("sec-"),
                  head(HEAD_LINE))),
          // --- shape
          of(
              "^(?:/[A-Za-z0-9_~@,:+=-]",
              some(),
              some(uri("/a") + "/;", uri("/a") + "?<", uri("a"))),
          of("^[!-\"$-~]+$", some(uri("a")), some(uri("a") + "#", uri("a") + " ")),
          of(
              "^(?:/(?!",
              some(
                  uri("/a"), "/" + uri("a"), "/" + uri("%20"), "/" + uri("1;2"), "/" + uri("a%2F")),
              some(uri("/a") + "/..", "/" + uri("a") + ";x", "/" + uri("%20") + "%")),
          of(
              "%(?:[01]",
              some(uri("%20") + "%5C", uri("a") + "%00"), some(uri("%20"), uri("%E0%A0"))),
          of("%(?:2[5F]", some(uri("%20") + "%2F"), some(uri("%20"))),
          of(
              "(?:^|[/\\\\])\\.+",
              some(uri("/.a") + "/..", uri("/") + ".", "/" + uri("."), uri("a") + "\\"),
              some(uri("/.a"), "/" + uri(".") + "a", uri("a."))),
          of("^[\\t\\r\\n -~", some(head("x: a\r\n")), some(head("x: a\r\n") + "\u0001")),
          of(
              "(?<name>authorization",
              some(
                  "cookie," + head("x,") + "cookie",
                  head("x,") + "origin,origin",
                  "authorization,content-type,cookie,origin,referer,x-api-key,"
                      + head("y,")
                      + "x-api-key"),
              some(head("cookies,"), "cookie," + head("x,") + "cookies", head("x-cookie,"))),
          of(
              "^(?:[A-Za-z0-9.-]+|",
              some(),
              some(head("a.") + "/", head("a.") + ":123456", "[" + head("1:") + "]x")),
          // --- key
          of(
              "{0,255}$",
              some("a".repeat(255)),
              some("a".repeat(256), head("a"), "a".repeat(99) + "\"")),
          of("^mpw_pk_", some(), some(uri("mpw_pk_"), "mpw_pk_" + uri("a"))),
          of(
              "(?<first>",
              some(
                  "key=x" + "&a=b".repeat(98) + "&key=y",
                  "&".repeat(98) + "key=x&key=y",
                  "key=x&" + uri("a") + "&key=y",
                  uri("a") + "&key=" + uri("x") + "&key=y",
                  "key=x" + "&key=x".repeat(98) + "&key=y",
                  "key=x&key=" + uri("x")),
              some(
                  "key=x" + "&key=x".repeat(99),
                  "key=" + uri("x") + "&ke=y".repeat(98),
                  "&".repeat(98) + "key=x")),
          of(
              "(?:^|&)key=[^&]*[;?]",
              some(
                  "key=" + uri("x") + ";",
                  "&key=x".repeat(98) + "&key=x;",
                  uri("a") + "?key=",
                  uri("a&") + ";key="),
              some("key=" + uri("x"), "&key=x".repeat(100), uri("a;b"))),
          of("^key=[^&]*$", some("key=" + uri("x")), some("key=" + uri("x") + "&a", uri("key"))),
          same("(^|&)key=[^&]*", some(uri("a") + "&key=" + uri("x")), some(uri("a&ke"))),
          same("(^|&)key=", some(uri("a") + "&key=", uri("a&") + "key="), some(uri("akey=&ke"))),
          same("^&", some(uri("&")), some("a" + uri("&"))),
          // --- origin
          of(
              "^(https?://[^/?#]*)",
              some("https://" + head("a."), "https://a/" + head("b/")),
              some("httpx://" + head("a."))),
          of(
              "^(https?://)[A-Za-z0-9_-]+[.]",
              some("https://" + head("a") + ".b", "https://a." + head("b.")),
              some("https://" + head("a"), "https://" + head("a") + ":.b")),
          // --- headers that go on: a match is dropped
          of(
              "accept(?:-.*)?|cache-control|content-(?:encoding|length",
              some(
                  "x-" + head("a-"),
                  "accept" + head("x"),
                  "if" + head("a"),
                  "content-" + head("-")),
              some("accept-" + head("a-"), "if-" + head("a"))),
          of(
              "accept(?:-.*)?|access-control",
              some("x-" + head("a-"), "accept" + head("x"), "x-csrf" + head("a"), "hx" + head("x")),
              some("accept-" + head("a-"), "x-csrf-" + head("a"), "sec-fetch-" + head("a"))),
          // --- session
          of(
              "(?:^|;)[ \\t]*",
              some(
                  head("a=b;") + SESSION + "=x",
                  head(" ;") + "\t" + SESSION + " =x",
                  head(";") + SESSION + "="),
              some(head("a=b;"), head(" "), head(SESSION))),
          of(
              "^(?:.*;)?[ \\t]*",
              some(
                  head("a=b;") + SESSION + "=x",
                  SESSION + "=x;" + head("a=b;"),
                  head(SESSION + "=y;") + SESSION + "=x",
                  SESSION + "=" + head("x ")),
              some(head("a=b;"), head(";"))),
          same(
              "(?<![ \\t])[ \\t]+$",
              some(head("a") + " ", "a" + head(" ")),
              some(head("a ").strip(), head(" ") + "a")),
          of(
              "^.+[.][0-9]{10}",
              some(head("a.") + SIGNED, head(".") + "x" + SIGNED),
              some(SIGNED, head("a.") + SIGNED + "0", head("a" + SIGNED) + "x")),
          same("[.][0-9A-F]{64}$", some(head("a.") + SIGNED), some(head("." + "0A".repeat(31)))),
          same("[.][0-9]{10}$", some(head("a.") + ".1700000000"), some(head(".170000000"))),
          same("^.*[.]", some(head("a.")), some(head("a"))),
          of(
              "(^|;)[ \\t]*",
              some(head("a=b;") + SESSION + "=" + head("x"), head(";") + SESSION + "="),
              some(head("a=b;"), head(" "), head(";"))),
          same("^[; \\t]+", some(head("; ")), some("a" + head("; "))),
          of(
              "(?m)^set-cookie:",
              some(
                  head("a: b\r\n") + "set-cookie: " + SESSION + "=x\r\n",
                  "set-cookie:" + SESSION + "="),
              some(
                  head("a: b\r\n"),
                  head("set-cookie: a\r\n"),
                  "a: set-cookie: " + SESSION + "=" + head("x"))),
          of(
              "(?s)^(?:.*\\n)?set-cookie:",
              some(
                  head("a: b\r\n") + "set-cookie: " + SESSION + "=x\r\n",
                  "set-cookie: " + SESSION + "=x\r\n" + head("a: b\r\n"),
                  head("set-cookie: " + SESSION + "=x\r\n"),
                  "set-cookie: " + SESSION + "=" + head("a, ")),
              some(head("a: b\r\n"), head("set-cookie: a\r\n"), head("\n"))),
          // --- answers
          of(
              "(?i)^((?!.*;",
              some(SESSION + "=" + head("x"), SESSION + "=" + head("x; path=/")),
              some(SESSION + "=" + head("x") + "; secure", head("; ") + "; Secure; Path=/")),
          of(
              "=.*?);[ \\t]*(?:httponly",
              some(
                  SESSION + "=" + head("x") + "; secure",
                  SESSION + "=x" + head("; path=/") + "; domain=" + head("a"),
                  SESSION + "=x" + head("; ") + "HttpOnly"),
              some(SESSION + "=x" + head("; path=/"), SESSION + "=x" + head("; "))),
          of(
              "(?i)^(?:public",
              some("public", "s-maxage=" + head("0"), "private=\"" + head("a, ") + "\""),
              some("max-age=" + head("0"), head("public "))),
          of(
              "^(?:.+-cache-control",
              some(head("a-") + "cache-control", head("x") + "-cache-control"),
              some("cache-control", head("-cache"))),
          of(
              "^(?:access-control-.*|server",
              some("access-control-" + head("a"), "ratelimit" + head("-x")),
              some("server" + head("x"), head("access-"))),
          // --- other doors
          same("[?&]key=", some(uri("&a") + "?key="), some(uri("key=a"))),
          same("^/[!-\"$-~]*$", some("/" + uri("a")), some("/" + uri("a") + "#")),
          same("^[a-z0-9.-]+$", some(head("a.")), some(head("a.") + "_")),
          of("^/keys/", some("/keys/k" + "0".repeat(24)), some("/keys/" + uri("a"))),
          of(
              "=[^;]*(.*)$",
              some(SESSION + "=" + head("x"), SESSION + "=" + head("x;")),
              some(head("x"))));

  boolean isFor(String expression) {
    return whole ? expression.equals(fragment) : expression.contains(fragment);
  }

  private static WorstTexts of(String fragment, List<String> matching, List<String> others) {
    return new WorstTexts(fragment, false, matching, others);
  }

  /** For an expression that is this, and not one that holds it. */
  private static WorstTexts same(String expression, List<String> matching, List<String> others) {
    return new WorstTexts(expression, true, matching, others);
  }

  private static List<String> some(String... texts) {
    return List.of(texts);
  }

  private static String uri(String piece) {
    return piece.repeat(URI / piece.length());
  }

  private static String head(String piece) {
    return piece.repeat(HEAD / piece.length());
  }
}
