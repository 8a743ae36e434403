/** Conditions, reasons and problems as values; merging them is pure. */
@NullMarked
package io.mapwright.operator.status;

import org.jspecify.annotations.NullMarked;
