package io.mapwright.operator.facts;

/** An object in the instance's namespace whose Events are requested. */
public record EventQuestion(String kind, String name) {}
