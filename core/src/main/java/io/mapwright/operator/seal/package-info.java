/**
 * Distinguishes a status that the operator wrote from any other: a message authentication code over
 * what opens keys, deploys images or overwrites data. Pure.
 */
@NullMarked
package io.mapwright.operator.seal;

import org.jspecify.annotations.NullMarked;
