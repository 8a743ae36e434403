package io.mapwright.operator.apikey;

/**
 * How many running gateways enforce the key's present state.
 *
 * @param known whether each gateway has been heard of since this process started
 * @param inTable whether the table holds this very state
 */
record Enforcement(boolean known, boolean inTable, int enforcing, int running) {
  /** What {@code status.enforced} says once every running gateway enforces the present state. */
  static final String EVERYWHERE = "all";

  static final Enforcement UNKNOWN = new Enforcement(false, false, 0, 0);

  boolean everywhere() {
    return known && inTable && enforcing == running;
  }

  /** Whether there are gateways that are still to take this state over. */
  boolean pending() {
    return running > 0 && !everywhere();
  }

  /** A fraction only while a gateway lacks the state: their number says nothing else of a key. */
  String text() {
    return running > 0 && everywhere() ? EVERYWHERE : count();
  }

  String count() {
    return enforcing + "/" + running;
  }
}
