/** What the status says of an instance. Pure. */
@NullMarked
package io.mapwright.operator.report;

import org.jspecify.annotations.NullMarked;
