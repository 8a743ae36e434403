package io.mapwright.operator.table;

import java.util.HashSet;
import java.util.List;

/**
 * The map files of a gateway, by the paths its configuration names.
 *
 * <p>The order of {@code content} is the order in which additions are made visible: a map whose
 * entries others refer to comes before those that refer to it. Removals go the other way round.
 *
 * @param meta identifies the table that the gateway holds, its generation, and how long it is valid
 * @param content the maps that a {@link LiveTable} fills
 */
public record TableMaps(String meta, List<String> content) {

  public TableMaps {
    content = List.copyOf(content);
    var all = new HashSet<>(content);
    if (content.isEmpty() || all.size() != content.size() || !all.add(meta)) {
      throw new IllegalArgumentException("the maps of a table must be named, each once");
    }
    if (!all.stream().allMatch(MapText::isKey)) {
      throw new IllegalArgumentException("a map path has characters the runtime API cannot carry");
    }
  }
}
