/** What a pass decides, and every object that an instance should own. Pure. */
@NullMarked
package io.mapwright.operator.plan;

import org.jspecify.annotations.NullMarked;
