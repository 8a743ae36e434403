/**
 * Why something is not ready, in words for the user: the one place that reads pods, volume claims
 * and their Events for that. It names the field and the next step. Pure; nothing is decided by it.
 */
@NullMarked
package io.mapwright.operator.cause;

import org.jspecify.annotations.NullMarked;
