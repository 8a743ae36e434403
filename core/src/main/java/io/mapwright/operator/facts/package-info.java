/** What was gathered for a pass over an instance, as values. Pure. */
@NullMarked
package io.mapwright.operator.facts;

import org.jspecify.annotations.NullMarked;
