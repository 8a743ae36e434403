package io.mapwright.operator.facts;

import java.util.Optional;

/**
 * An answer that was looked up outside of a pass.
 *
 * @param question the exact question; the answer is valid for no other
 */
public record Answered<Q, A>(Q question, A answer) {

  /** Returns the last answer, if it answers this question. */
  public static <Q, A> Optional<A> to(Q question, Optional<Answered<Q, A>> last) {
    return last.filter(one -> one.question().equals(question)).map(Answered::answer);
  }
}
