package io.mapwright.operator.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The table of values in the chart's README, made from the comments of values.yaml. */
final class ValuesTable {
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):(.*)$");

  private ValuesTable() {}

  /** One value: its path, its default and what is said of it. */
  record Row(String path, String fallback, String meaning) {}

  static String markdown() throws IOException {
    var text = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
    for (var row : rows()) {
      text.append("| `%s` | `%s` | %s |\n".formatted(row.path(), row.fallback(), row.meaning()));
    }
    return text.toString();
  }

  /** A comment that begins with "--" is about the value below it; other comments are not shown. */
  static List<Row> rows() throws IOException {
    var file = Chart.FOLDER.resolve("values.yaml");
    var values = Chart.YAML.readTree(file.toFile());
    var rows = new ArrayList<Row>();
    var path = new ArrayDeque<String>();
    var comment = new StringBuilder();
    for (var line : Files.readAllLines(file)) {
      var stripped = line.strip();
      if (stripped.startsWith("# -- ")) {
        comment.setLength(0);
        comment.append(stripped.substring(5));
      } else if (stripped.startsWith("#") && !comment.isEmpty()) {
        comment.append(' ').append(stripped.substring(1).strip());
      } else {
        var key = KEY.matcher(line);
        if (key.matches()) {
          var depth = key.group(1).length() / 2;
          while (path.size() > depth) {
            path.removeLast();
          }
          path.addLast(key.group(2));
          if (!comment.isEmpty()) {
            var node = values.at("/" + String.join("/", path));
            rows.add(new Row(String.join(".", path), shown(node), comment.toString()));
          }
        }
        comment.setLength(0);
      }
    }
    return rows;
  }

  private static String shown(JsonNode value) {
    return value.toString();
  }
}
