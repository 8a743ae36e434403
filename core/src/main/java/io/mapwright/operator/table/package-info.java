/**
 * The table of keys that each gateway of an instance is to hold, and its changes. No input or
 * output.
 */
@NullMarked
package io.mapwright.operator.table;

import org.jspecify.annotations.NullMarked;
