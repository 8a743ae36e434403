/**
 * Image updates and rollbacks. The decision depends on what was proven before and on the current
 * pods; a failed image is not retried automatically.
 */
@NullMarked
package io.mapwright.operator.update;

import org.jspecify.annotations.NullMarked;
