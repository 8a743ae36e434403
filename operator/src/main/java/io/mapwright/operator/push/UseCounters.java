package io.mapwright.operator.push;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from one gateway which keys were used since the last look. Asks only for those: what it
 * costs goes by the keys that are in use, not by those that exist.
 */
final class UseCounters {
  private static final String HEAD = "# table: keys,";
  private static final Pattern ROW =
      Pattern.compile("(?m) key=([a-z0-9]{4,32}) .*\\bgpt0=(\\d+) .*\\bgpc1=(\\d+)\\b");

  private final Map<String, Long> totals = new HashMap<>();
  private long newest;
  private boolean counting;

  List<KeyUse> read(RuntimeApi api) throws RuntimeApiException {
    // The second of the newest use may have seen more since.
    long from = Math.max(0, newest - 1);
    var answer = api.ask(Command.of("show table keys data.gpt0 gt", Long.toString(from)));
    if (!answer.startsWith(HEAD)) {
      throw new RuntimeApiException(
          answer.startsWith("Permission denied")
              ? PushError.PERMISSION_DENIED
              : PushError.UNEXPECTED_ANSWER,
          "show table");
    }
    var used = new ArrayList<KeyUse>();
    var row = ROW.matcher(answer);
    while (row.find()) {
      long at = Long.parseLong(row.group(2));
      long total = Long.parseLong(row.group(3));
      newest = Math.max(newest, at);
      Long before = totals.put(row.group(1), total);
      if (before == null || before != total) {
        used.add(
            new KeyUse(row.group(1), Instant.ofEpochSecond(at), more(before, total, counting)));
      }
    }
    counting = true;
    return used;
  }

  // A gateway that was restarted, or forgot an unused key, counts from 0 again.
  private static long more(@Nullable Long before, long total, boolean counting) {
    if (before == null) {
      return counting ? total : 0;
    }
    return total >= before ? total - before : total;
  }
}
