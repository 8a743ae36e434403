package io.mapwright.operator.gateway;

import java.util.function.UnaryOperator;

/** One thing that a client tries, the settings it meets, and what must come of it. */
record Attack(String name, UnaryOperator<GatewaySettings.Builder> settings, Check check) {

  /** Throws an assertion error if the gateway did not hold. */
  interface Check {
    void run(Gateway gateway) throws Exception;
  }

  static Attack of(String name, Check check) {
    return new Attack(name, settings -> settings, check);
  }

  static Attack of(String name, UnaryOperator<GatewaySettings.Builder> settings, Check check) {
    return new Attack(name, settings, check);
  }
}
