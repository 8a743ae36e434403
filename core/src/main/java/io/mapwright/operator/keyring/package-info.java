/** Compiles keys and policies into the table that the gateways enforce, one change at a time. */
@NullMarked
package io.mapwright.operator.keyring;

import org.jspecify.annotations.NullMarked;
