package io.mapwright.operator.cause;

import java.time.Duration;

/**
 * An object whose Events would say more than is known.
 *
 * @param due whether it is time to ask: nearly every start waits for a moment
 * @param pause how long an answer is good for, or until it is due: what has waited long is looked
 *     at rarely
 */
public record Subject(String kind, String name, boolean due, Duration pause) {}
