@NullMarked
package io.mapwright.operator.metrics;

import org.jspecify.annotations.NullMarked;
