package io.mapwright.operator.status;

/**
 * Something that a user has to fix.
 *
 * @param type condition that turns false
 * @param message names the field and says what to do; never contains a key or a password
 */
public record Problem(ConditionType type, Reason reason, String message) {}
