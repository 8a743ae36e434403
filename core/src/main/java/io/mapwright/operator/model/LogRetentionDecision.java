package io.mapwright.operator.model;

import java.time.Instant;

/**
 * What keeps the logs of an instance's pods young.
 *
 * @param since before when no pod may have begun
 * @param recheckAt when that moves on
 */
public record LogRetentionDecision(Instant since, Instant recheckAt) {}
