package io.mapwright.operator.model;

import java.time.Instant;

/**
 * How pods are replaced to limit the age of their logs.
 *
 * @param since the earliest permitted start of a pod
 * @param recheckAt when that time changes
 */
public record LogRetentionDecision(Instant since, Instant recheckAt) {}
