/** Wiring of the operator: reads the environment once, constructs everything by hand, starts it. */
@NullMarked
package io.mapwright.operator;

import org.jspecify.annotations.NullMarked;
