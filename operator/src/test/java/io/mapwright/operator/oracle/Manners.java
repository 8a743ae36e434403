package io.mapwright.operator.oracle;

import io.mapwright.operator.decision.Decision;
import io.mapwright.operator.decision.Decision.Verdict;
import java.util.Locale;

/** What a case does to the connection that it comes over. */
enum Manners {
  /** Others may follow before the answer. */
  FLOWS,
  /** Others may follow after the answer, if the gateway keeps the connection. */
  STOPS,
  /** Nothing may follow: where it ends is not agreed. */
  ENDS;

  static Manners of(Case asked, Decision decision) {
    if (decision.verdict() == Verdict.MALFORMED) {
      return ENDS;
    }
    return switch (asked.sent()) {
      case Case.OverHttp1(var head, var body) -> ofHead(head.toLowerCase(Locale.ROOT), body);
      case Case.OverHttp2 _ -> FLOWS;
    };
  }

  private static Manners ofHead(String head, String body) {
    boolean promised = head.contains("\r\ncontent-length:");
    if (head.contains("\r\ntransfer-encoding:")
        || (promised && !head.contains("\r\ncontent-length: " + body.length() + "\r\n"))) {
      return ENDS;
    }
    return promised || !head.contains(" http/1.1\r\n") || head.contains("\r\nconnection:")
        ? STOPS
        : FLOWS;
  }
}
