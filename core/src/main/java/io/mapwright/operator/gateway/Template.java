package io.mapwright.operator.gateway;

import java.util.regex.Pattern;

/**
 * Configuration text with {@code {{name}}} gaps. A gap left open, or a value for no gap, is a bug
 * and throws.
 */
record Template(String text) {
  private static final Pattern GAP = Pattern.compile("\\{\\{[A-Za-z]+}}");

  Template with(String name, Object value) {
    var gap = "{{" + name + "}}";
    if (!text.contains(gap)) {
      throw new IllegalStateException("no gap " + gap + " in " + text);
    }
    return new Template(text.replace(gap, value.toString()));
  }

  String done() {
    var open = GAP.matcher(text);
    if (open.find()) {
      throw new IllegalStateException("gap left open: " + open.group());
    }
    return text;
  }
}
