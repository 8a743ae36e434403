package io.mapwright.operator.oracle;

import java.util.List;
import java.util.Locale;

/** Paths that could be read in more than one way, and some that could not. */
final class PathMutations {
  private static final List<String> DOTS =
      List.of(
          "/..",
          "/.",
          "/...",
          "/%2e%2e",
          "/.%2e",
          "/%2E",
          "/..;",
          "/..;x=1",
          "/.;",
          "/..%2f",
          "/%252e%252e",
          "/..%252f",
          "/%2e%2e%2f",
          "/..%5c",
          "/..\\",
          "/..%00",
          "/.a",
          "/..a",
          "/a..",
          "/a.",
          "/%c0%ae%c0%ae",
          "/%e0%80%ae",
          "/..%20",
          "/.%20",
          "/%20..",
          "/%2f..%2f",
          "/a%2F..%2Fb",
          "/..%3b/",
          "/%2e%2e%3b");
  private static final List<String> ODD =
      List.of(
          "//",
          "///",
          ";",
          ";x",
          "1;2",
          "1;-2",
          "a;1",
          "%3B",
          "%3b",
          "%2F",
          "%2f",
          "%25",
          "%2525",
          "%252F",
          "%00",
          "%01",
          "%7f",
          "%0d%0a",
          "%5C",
          "\\",
          "%",
          "%2",
          "%zz",
          "%u002e",
          "%C0%AF",
          "%c3%a4",
          "%ED%A0%80",
          "%F0%80",
          "%F4%90",
          "%FF",
          "%80",
          "%E0%A0%80",
          "\u00e4",
          "\u0001",
          "\u007f",
          "#",
          "\"",
          "<",
          ">",
          "[",
          "]",
          "^",
          "`",
          "{",
          "|",
          "}",
          "!",
          "$",
          "&",
          "'",
          "(",
          ")",
          "*",
          "+",
          ",",
          ":",
          "=",
          "@",
          "~",
          "_",
          "-",
          "%20",
          "%41",
          "%7E",
          "%2B",
          "%26",
          "%3F",
          "%23",
          ".json",
          ".JSON",
          " ");

  static final List<Mutation> ALL =
      List.of(
          (draft, chance) -> draft.path = encodeOne(draft.path, chance),
          (draft, chance) -> draft.path = encodeOne(encodeOne(draft.path, chance), chance),
          (draft, chance) -> draft.path = encodeOne(draft.path, chance).replace("%", "%25"),
          (draft, chance) -> draft.path = atSlash(draft.path, chance.one(DOTS), chance),
          (draft, chance) -> draft.path = atSlash(draft.path, chance.one(DOTS), chance) + "/admin",
          (draft, chance) -> draft.path = insert(draft.path, chance.one(ODD), chance),
          (draft, chance) -> draft.path = insert(draft.path, chance.one(ODD), chance),
          (draft, chance) -> draft.path += chance.one(ODD),
          (draft, chance) ->
              draft.path =
                  chance.one("/v1/geocode/", "/v1/static/", "/V1/Geocode/")
                      + chance.one("a", "", "..")
                      + chance.one(DOTS).replace("/", chance.one("/", "%2F", "%252F"))
                      + chance.one("", "%2F", "%25", "%3B", "%253B"),
          (draft, chance) -> draft.path = flipCase(draft.path, chance),
          (draft, chance) -> draft.path = draft.path.toUpperCase(Locale.ROOT),
          (draft, chance) ->
              draft.path += chance.one("/", "x", ".", "%20", "/x", "/admin", "?", "/?"),
          (draft, chance) -> draft.path += "/" + "a".repeat(500 + chance.below(3000)),
          (draft, chance) ->
              draft.query.add(chance.one("q=", "", "a/b?c=", "x=//&y=/../") + chance.one(ODD)),
          (draft, chance) ->
              draft.query.add(
                  chance.below(draft.query.size() + 1),
                  chance
                      .one("&", "a=b&", "key=x&", "&&")
                      .repeat(chance.one(40, 49, 98, 99, 100, 101, 300))),
          (draft, chance) -> draft.suffix = chance.one("#", "#a", "?", "&", "?key=x", "&&"));

  private PathMutations() {}

  static String encodeOne(String text, Chance chance) {
    if (text.isEmpty()) {
      return text;
    }
    int at = chance.below(text.length());
    var escape = (chance.percent(50) ? "%%%02x" : "%%%02X").formatted((int) text.charAt(at));
    return text.substring(0, at) + escape + text.substring(at + 1);
  }

  private static String insert(String text, String odd, Chance chance) {
    int at = chance.below(text.length() + 1);
    return text.substring(0, at) + odd + text.substring(at);
  }

  private static String atSlash(String path, String dots, Chance chance) {
    var slashes = new java.util.ArrayList<Integer>();
    for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
      slashes.add(i);
    }
    slashes.add(path.length());
    int at = chance.one(slashes);
    return path.substring(0, at) + dots + path.substring(at);
  }

  private static String flipCase(String text, Chance chance) {
    var flipped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char other = Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
      flipped.append(c < 0x7f && chance.percent(30) ? other : c);
    }
    return flipped.toString();
  }
}
