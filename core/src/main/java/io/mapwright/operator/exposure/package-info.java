/** How the gateway is reached from outside the cluster. */
@NullMarked
package io.mapwright.operator.exposure;

import org.jspecify.annotations.NullMarked;
