/** Rules for a spec that its schema cannot express. Pure. */
@NullMarked
package io.mapwright.operator.check;

import org.jspecify.annotations.NullMarked;
