package io.mapwright.operator.apikey;

/**
 * How many running gateways enforce the key's current state.
 *
 * @param known whether the state of each gateway is known since this process started
 * @param inTable whether the table contains this state
 */
record Enforcement(boolean known, boolean inTable, int enforcing, int running) {
  /** Value of {@code status.enforced} once every running gateway enforces the current state. */
  static final String EVERYWHERE = "all";

  static final Enforcement UNKNOWN = new Enforcement(false, false, 0, 0);

  boolean everywhere() {
    return known && inTable && enforcing == running;
  }

  /** Whether there are gateways that do not enforce this state yet. */
  boolean pending() {
    return running > 0 && !everywhere();
  }

  /**
   * A fraction only while a gateway lacks the state: otherwise the number of gateways would be
   * noise in the status of a key.
   */
  String text() {
    return running > 0 && everywhere() ? EVERYWHERE : count();
  }

  String count() {
    return enforcing + "/" + running;
  }
}
