package io.mapwright.operator.decision;

/** The protocol that the client speaks. */
public enum Version {
  HTTP_1_0,
  HTTP_1_1,
  HTTP_2
}
