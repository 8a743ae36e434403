/** What the operator exposes to Prometheus about itself, its instances and its keys. */
@NullMarked
package io.mapwright.operator.metrics;

import org.jspecify.annotations.NullMarked;
