package io.mapwright.operator.metrics;

import java.util.List;
import java.util.function.Supplier;

/**
 * The kubelet's probes, answered with the reasons of a failure.
 *
 * @param dead why the process has to be restarted; empty if it is alive
 * @param missing what is missing before it can work; empty if it is ready
 * @param degraded what does not work although the rest does, shown for diagnosis
 */
public record Probes(
    Supplier<List<String>> dead, Supplier<List<String>> missing, Supplier<List<String>> degraded) {
  private static final int MOST_LINES = 20;

  /** A status and a text for it. */
  record Result(int status, String text) {}

  Result live() {
    return result("alive", dead.get(), List.of());
  }

  Result ready() {
    return result("ready", missing.get(), degraded.get());
  }

  private static Result result(String state, List<String> why, List<String> more) {
    return why.isEmpty()
        ? new Result(200, lines(state, more))
        : new Result(503, lines("not " + state, why));
  }

  private static String lines(String first, List<String> more) {
    var text = new StringBuilder(first).append('\n');
    more.stream().limit(MOST_LINES).forEach(line -> text.append(line).append('\n'));
    if (more.size() > MOST_LINES) {
      text.append("and ").append(more.size() - MOST_LINES).append(" more\n");
    }
    return text.toString();
  }
}
