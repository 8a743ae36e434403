package io.mapwright.operator.decision;

/** One header line, or one HTTP/2 field. Bytes are characters of ISO 8859-1. */
public record Field(String name, String value) {}
