/** What Prometheus scrapes. */
@NullMarked
package io.mapwright.operator.observability;

import org.jspecify.annotations.NullMarked;
