package io.mapwright.operator.facts;

/** An object of the instance's namespace whose Events are asked for. */
public record EventQuestion(String kind, String name) {}
