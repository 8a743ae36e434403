package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads from one gateway which keys were used since the last poll. Requests only those: the cost
 * depends on the number of keys in use, not on all keys.
 */
final class UseCounters {
  private static final String HEAD = "# table: keys,";
  private static final Pattern KEY = Pattern.compile("key=([a-z0-9]{4,32})");
  private static final Pattern LAST = Pattern.compile("gpt0=(\\d{1,10})");
  private static final Pattern COST = Pattern.compile("gpc1=(\\d{1,10})");
  private static final Pattern BLANK = Pattern.compile(" ");

  /** Allowance for keys that were replaced since the gateway started counting. */
  private static final int MORE_KEYS = 1000;

  private final Map<String, Long> totals = new HashMap<>();
  private long newest;
  private boolean counting;

  /**
   * Polls once.
   *
   * @param keys number of existing keys. A gateway that reports many more is not trusted, which
   *     also bounds the memory.
   */
  List<KeyUse> read(RuntimeApi api, int keys) throws RuntimeApiException {
    // There may have been more uses in the second of the newest one.
    long from = Math.max(0, newest - 1);
    int most = 2 * keys + MORE_KEYS;
    if (totals.size() > most) {
      // Drops those of deleted keys; uses until the next poll are not counted.
      totals.clear();
      counting = false;
    }
    var used = new ArrayList<KeyUse>();
    var head = new AtomicBoolean();
    api.list(
        Command.of("show table keys data.gpt0 gt", Long.toString(from)),
        line -> {
          if (!head.getAndSet(true)) {
            expectHead(line);
          } else {
            row(line, used);
          }
          if (used.size() > most) {
            throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, "show table");
          }
        });
    if (!head.get()) {
      throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, "show table");
    }
    counting = true;
    return used;
  }

  private static void expectHead(String line) throws RuntimeApiException {
    if (!line.startsWith(HEAD)) {
      throw new RuntimeApiException(
          line.startsWith("Permission denied")
              ? PushError.PERMISSION_DENIED
              : PushError.UNEXPECTED_ANSWER,
          "show table");
    }
  }

  private void row(String line, List<KeyUse> used) {
    var fields = BLANK.split(line);
    var key = first(KEY, fields);
    var last = first(LAST, fields);
    var cost = first(COST, fields);
    if (key.isEmpty() || last.isEmpty() || cost.isEmpty()) {
      return;
    }
    long at = Long.parseLong(last.get());
    long total = Long.parseLong(cost.get());
    newest = Math.max(newest, at);
    Long before = totals.put(key.get(), total);
    if (before == null || before != total) {
      used.add(new KeyUse(key.get(), Instant.ofEpochSecond(at), increase(before, total, counting)));
    }
  }

  private static Optional<String> first(Pattern pattern, String[] fields) {
    return Stream.of(fields)
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1))
        .findFirst();
  }

  // A gateway that was restarted, or forgot an unused key, counts from 0 again.
  private static long increase(@Nullable Long before, long total, boolean counting) {
    if (before == null) {
      return counting ? total : 0;
    }
    return total >= before ? total - before : total;
  }
}
