/** What the operator tells Prometheus of itself, its instances and its keys. */
@NullMarked
package io.mapwright.operator.metrics;

import org.jspecify.annotations.NullMarked;
