/**
 * Explains to the user why something is not ready: the only place that interprets pods, volume
 * claims and their Events for that. It names the field and the next step. Pure; no decision depends
 * on it.
 */
@NullMarked
package io.mapwright.operator.cause;

import org.jspecify.annotations.NullMarked;
