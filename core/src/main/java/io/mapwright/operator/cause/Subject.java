package io.mapwright.operator.cause;

import java.time.Duration;

/**
 * An object whose Events may explain more.
 *
 * @param due whether to read them now: nearly every start waits for a moment
 * @param pause how long an answer is valid, or until it is due: the longer the wait, the rarer the
 *     reads
 */
public record Subject(String kind, String name, boolean due, Duration pause) {}
