/** What a spec must fulfil that its schema cannot say. Pure. */
@NullMarked
package io.mapwright.operator.check;

import org.jspecify.annotations.NullMarked;
