/** The gateway's promises, as a model decides them, against what real HAProxy answers. */
@NullMarked
package io.mapwright.operator.oracle;

import org.jspecify.annotations.NullMarked;
