/** The pass over an OriginPolicy. */
@NullMarked
package io.mapwright.operator.originpolicy;

import org.jspecify.annotations.NullMarked;
