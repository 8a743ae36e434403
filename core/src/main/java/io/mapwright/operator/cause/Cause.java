package io.mapwright.operator.cause;

import io.mapwright.operator.status.Reason;

/**
 * Why something does not run.
 *
 * @param message names the field and says what to do; quoted text is bounded and masked
 */
public record Cause(Reason reason, String message) {}
