/** The table of keys that each gateway of an instance should hold, and its changes. No I/O. */
@NullMarked
package io.mapwright.operator.table;

import org.jspecify.annotations.NullMarked;
