package io.mapwright.operator.oracle;

/** One thing done wrong. */
interface Mutation {
  void apply(Draft draft, Chance chance);
}
