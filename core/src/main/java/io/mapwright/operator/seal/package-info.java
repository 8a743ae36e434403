/**
 * Tells a status that the operator wrote from one that somebody else did: a message authentication
 * code over what opens keys, deploys images or overwrites data. Pure.
 */
@NullMarked
package io.mapwright.operator.seal;

import org.jspecify.annotations.NullMarked;
