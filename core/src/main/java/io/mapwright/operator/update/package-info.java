/**
 * A new image and the way back. What runs is decided from what was proven before and what the pods
 * show now; an image that failed is not tried again by itself.
 */
@NullMarked
package io.mapwright.operator.update;

import org.jspecify.annotations.NullMarked;
