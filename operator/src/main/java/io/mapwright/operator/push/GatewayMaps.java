package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.table.Change;
import io.mapwright.operator.table.TableMaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The map commands of one connection; anything but the answer that means success throws. */
final class GatewayMaps {

  private static final Pattern NEW_VERSION = Pattern.compile("New version created: (\\d+)");
  private static final Pattern LISTED =
      Pattern.compile("-?\\d{1,9} \\((\\S+)\\) .*entry_cnt=(\\d{1,9})");
  private static final Pattern VERSION =
      Pattern.compile("(?m)^Version: (\\d{1,3}\\.\\d{1,3}[-.+~0-9A-Za-z]{0,40})$");
  // HAProxy prints no longer lines, and matching the pattern may take quadratic time.
  private static final int MAX_LINE = 1024;
  private static final String SET_FOUND_NONE = "entry not found.";
  private static final String DEL_FOUND_NONE = "Key not found.";

  private final RuntimeApi api;

  GatewayMaps(RuntimeApi api) {
    this.api = api;
  }

  /** Removes entries and reads back that they are gone. */
  void remove(List<Change> removals) throws RuntimeApiException {
    var commands = new ArrayList<Command>();
    for (var removal : removals) {
      commands.add(Command.del(removal));
      commands.add(Command.get(removal.map(), removal.key()));
    }
    var answers = api.ask(commands);
    for (int i = 0; i < removals.size(); i++) {
      expect(answers.get(2 * i), "del map", text -> text.isEmpty() || text.equals(DEL_FOUND_NONE));
      if (valueIn(answers.get(2 * i + 1), removals.get(i).key()) != null) {
        throw new RuntimeApiException(PushError.NOT_CONFIRMED, "del map");
      }
    }
  }

  /**
   * Changes or adds entries of one map and reads them back.
   *
   * <p>{@code add map} never looks for an entry of that key, so only what {@code set map} did not
   * find is added; a push that is repeated after an interruption then sets what its first part
   * added.
   */
  void put(List<Change> puts) throws RuntimeApiException {
    var commands = new ArrayList<Command>();
    for (var put : puts) {
      commands.add(Command.set(put, valueOf(put)));
    }
    var answers = api.ask(commands);
    var absent = new ArrayList<Change>();
    for (int i = 0; i < puts.size(); i++) {
      if (answers.get(i).strip().equals(SET_FOUND_NONE)) {
        absent.add(puts.get(i));
      } else {
        expect(answers.get(i), "set map", String::isEmpty);
      }
    }
    if (!absent.isEmpty()) {
      add(absent.getFirst().map(), absent, null);
    }
    confirm(puts);
  }

  /** Reads entries back. */
  void confirm(List<Change> entries) throws RuntimeApiException {
    var gets = entries.stream().map(entry -> Command.get(entry.map(), entry.key())).toList();
    var answers = api.ask(gets);
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (!valueOf(entry).equals(valueIn(answers.get(i), entry.key()))) {
        throw new RuntimeApiException(PushError.NOT_CONFIRMED, "get map");
      }
    }
  }

  /** Adds entries known to be absent, to the live content or to a prepared version. */
  void add(String map, List<Change> entries, @Nullable String version) throws RuntimeApiException {
    var lines = new StringBuilder();
    for (var entry : entries) {
      var line = entry.key() + " " + valueOf(entry);
      if (lines.length() + line.length() + map.length() + 64 > RuntimeApi.MAX_BATCH_BYTES) {
        addLines(map, lines.toString(), version);
        lines.setLength(0);
      }
      lines.append(lines.isEmpty() ? "" : "\n").append(line);
    }
    if (!lines.isEmpty()) {
      addLines(map, lines.toString(), version);
    }
  }

  private void addLines(String map, String lines, @Nullable String version)
      throws RuntimeApiException {
    var command =
        version == null
            ? Command.withPayload(lines, "add map", map)
            : Command.withPayload(lines, "add map", "@" + version, map);
    expect(api.ask(command), "add map", String::isEmpty);
  }

  /** Opens a new, invisible version of a map. */
  String prepare(String map) throws RuntimeApiException {
    var answer = api.ask(Command.of("prepare map", map)).strip();
    var version = NEW_VERSION.matcher(answer);
    if (!version.matches()) {
      throw new RuntimeApiException(errorIn(answer), "prepare map");
    }
    return version.group(1);
  }

  /** Makes prepared versions the content, in the order given, and drops all older ones. */
  void commit(Map<String, String> versionByMap) throws RuntimeApiException {
    var commands = new ArrayList<Command>();
    versionByMap.forEach(
        (map, version) -> commands.add(Command.of("commit map", "@" + version, map)));
    for (var answer : api.ask(commands)) {
      expect(answer, "commit map", String::isEmpty);
    }
  }

  /** Reads which table the gateway holds, and how many entries. */
  ReplicaReport report(TableMaps maps) throws RuntimeApiException {
    var answers =
        api.ask(
            List.of(
                Command.get(maps.meta(), ReplicaReport.TABLE),
                Command.get(maps.meta(), ReplicaReport.GENERATION),
                Command.get(maps.meta(), ReplicaReport.READY),
                Command.of("show map"),
                Command.of("show info")));
    var ready = valueIn(answers.get(2), ReplicaReport.READY);
    var sizes = sizes(answers.get(3), maps);
    // A single gateway has nobody to borrow from, and most are.
    var shared = "1".equals(ready) ? List.of("", "") : lending(maps);
    return new ReplicaReport(
        valueIn(answers.get(0), ReplicaReport.TABLE),
        valueIn(answers.get(1), ReplicaReport.GENERATION),
        ready,
        shared.get(0),
        shared.get(1),
        sizes,
        answers.get(4).contains("\nStopping: 1\n"),
        version(answers.get(4)));
  }

  private List<String> lending(TableMaps maps) throws RuntimeApiException {
    var keys = List.of(ReplicaReport.GATEWAYS, ReplicaReport.SILENT);
    var answers = api.ask(keys.stream().map(key -> Command.get(maps.meta(), key)).toList());
    var values = new ArrayList<String>();
    for (int i = 0; i < keys.size(); i++) {
      values.add(Objects.requireNonNullElse(valueIn(answers.get(i), keys.get(i)), ""));
    }
    return values;
  }

  private static @Nullable String version(String info) {
    var version = VERSION.matcher(info);
    return version.find() ? version.group(1) : null;
  }

  private static Map<String, Integer> sizes(String listing, TableMaps maps)
      throws RuntimeApiException {
    var sizes = new HashMap<String, Integer>();
    for (var line : listing.lines().filter(text -> text.length() <= MAX_LINE).toList()) {
      var listed = LISTED.matcher(line);
      if (listed.matches() && maps.content().contains(listed.group(1))) {
        sizes.put(listed.group(1), Integer.valueOf(listed.group(2)));
      }
    }
    if (sizes.size() != maps.content().size()) {
      throw new RuntimeApiException(PushError.NOT_CONFIGURED, "show map");
    }
    return sizes;
  }

  // A prefix map answers with its longest prefix, so the key has to be compared too.
  private static @Nullable String valueIn(String answer, String key) throws RuntimeApiException {
    var lines = answer.lines().toList();
    if (lines.isEmpty() || !lines.stream().allMatch(GatewayMaps::lookedUp)) {
      throw new RuntimeApiException(errorIn(answer), "get map");
    }
    var before = "key=\"" + key + "\", value=\"";
    String value = null;
    for (var line : lines) {
      int found = line.indexOf("found=yes, ");
      int start = found < 0 ? -1 : line.indexOf(before, found);
      int end = start < 0 ? -1 : line.indexOf('"', start + before.length());
      if (end >= 0) {
        value = line.substring(start + before.length(), end);
      }
    }
    return value;
  }

  private static boolean lookedUp(String line) {
    return line.startsWith("type=") && (line.contains("found=yes") || line.contains("found=no"));
  }

  private static void expect(String answer, String command, Predicate<String> success)
      throws RuntimeApiException {
    if (!success.test(answer.strip())) {
      throw new RuntimeApiException(errorIn(answer), command);
    }
  }

  private static PushError errorIn(String answer) {
    if (answer.startsWith("Permission denied")) {
      return PushError.PERMISSION_DENIED;
    }
    if (answer.startsWith("Unknown map identifier")) {
      return PushError.NOT_CONFIGURED;
    }
    return answer.isBlank() ? PushError.UNEXPECTED_ANSWER : PushError.REJECTED;
  }

  private static String valueOf(Change put) {
    return Objects.requireNonNull(put.value());
  }
}
