/** What Prometheus is told. */
@NullMarked
package io.mapwright.operator.observability;

import org.jspecify.annotations.NullMarked;
