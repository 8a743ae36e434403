/** Compiles keys and policies into the tables that gateways enforce, one change at a time. */
@NullMarked
package io.mapwright.operator.keyring;

import org.jspecify.annotations.NullMarked;
