package io.mapwright.operator.facts;

import java.util.Optional;

/**
 * What was found out beside the passes.
 *
 * @param question what exactly was asked; the answer counts for nothing else
 */
public record Answered<Q, A>(Q question, A answer) {

  /** Returns the last answer, if it is one to this very question. */
  public static <Q, A> Optional<A> to(Q question, Optional<Answered<Q, A>> last) {
    return last.filter(one -> one.question().equals(question)).map(Answered::answer);
  }
}
