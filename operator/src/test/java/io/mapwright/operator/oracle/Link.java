package io.mapwright.operator.oracle;

import java.util.List;

/** A kept connection. Once {@link #usable} is false it is of no further use. */
interface Link extends AutoCloseable {
  /** Send these at once; the answers in the same order, whatever happens. */
  List<Answer> ask(List<Case> cases);

  boolean usable();

  @Override
  void close();
}
