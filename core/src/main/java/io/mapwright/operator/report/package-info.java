/** Builds the status of an instance. Pure. */
@NullMarked
package io.mapwright.operator.report;

import org.jspecify.annotations.NullMarked;
