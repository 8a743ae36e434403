package io.mapwright.operator.decision;

import java.util.List;
import java.util.Optional;

/** Whether a path means the same to everyone who reads it, decoded or not. */
final class PathShape {
  /**
   * Below these a segment is free text, a place name or an overlay: it may hold "/", "%" and ";".
   */
  private static final List<String> FREE_TEXT =
      List.of("/v1/geocode/", "/geocoding/", "/v1/static/");

  private PathShape() {}

  static boolean ambiguous(Target target) {
    return !target.text().chars().allMatch(c -> Characters.visible((char) c) && c != '#')
        || !target.path().startsWith("/")
        || !segmentsArePlain(target.path())
        || hidesBytes(target.path())
        || hidesSyntax(target);
  }

  private static boolean segmentsArePlain(String path) {
    for (var segment : path.substring(1).split("/", -1)) {
      var afterDots = segment.replaceFirst("^\\.+", "");
      boolean dots = afterDots.length() < segment.length();
      if (dots && (afterDots.isEmpty() || afterDots.startsWith("%") || afterDots.startsWith(";"))) {
        return false;
      }
    }
    for (int i = 0; i < path.length(); i++) {
      if (!pathCharacter(path, i)) {
        return false;
      }
    }
    return true;
  }

  /** RFC 3986, 3.3, and ";" only where a list of coordinates has it. */
  private static boolean pathCharacter(String path, int at) {
    char c = path.charAt(at);
    if (c == ';') {
      return at > 0
          && Characters.digit(path.charAt(at - 1))
          && at + 1 < path.length()
          && (Characters.digit(path.charAt(at + 1)) || path.charAt(at + 1) == '-');
    }
    return Characters.letterOrDigit(c) || "/%-._~@,:+=!$&()*'".indexOf(c) >= 0;
  }

  /**
   * Control characters, the backslash, and bytes that no strict UTF-8 has: overlong forms first.
   */
  private static boolean hidesBytes(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      char c = Escapes.decodedAt(path, i);
      if (Characters.control(c) || c == '\\' || c == 0xc0 || c == 0xc1 || c >= 0xf5) {
        return true;
      }
      boolean followed = i + 3 < path.length() && path.charAt(i + 3) == '%';
      char next = followed ? Escapes.decodedAt(path, i + 3) : 0;
      if ((c == 0xe0 && next >= 0x80 && next < 0xa0)
          || (c == 0xed && next >= 0xa0 && next < 0xc0)
          || (c == 0xf0 && next >= 0x80 && next < 0x90)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An escaped "%", "/" or ";" is for free text only, and must not add up to a dot segment there.
   */
  private static boolean hidesSyntax(Target target) {
    var path = target.path();
    if (!path.contains("%25") && !path.contains("%2F") && !path.contains("%3B")) {
      return false;
    }
    if (FREE_TEXT.stream().noneMatch(target.lowerPath()::startsWith)) {
      return true;
    }
    var once = Escapes.decoded(path);
    var twice = once.flatMap(Escapes::decoded);
    return dotted(once) || dotted(twice);
  }

  private static boolean dotted(Optional<String> decoded) {
    if (decoded.isEmpty()) {
      return true;
    }
    var text = decoded.get();
    if (text.chars().anyMatch(c -> Characters.control((char) c) || c == '\\')) {
      return true;
    }
    for (var segment : text.split("/", -1)) {
      var afterDots = segment.replaceFirst("^\\.+", "");
      if (afterDots.length() < segment.length()
          && (afterDots.isEmpty() || afterDots.startsWith(";"))) {
        return true;
      }
    }
    return false;
  }
}
