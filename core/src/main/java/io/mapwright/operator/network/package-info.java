/** Deny all, then only what is needed. */
@NullMarked
package io.mapwright.operator.network;

import org.jspecify.annotations.NullMarked;
