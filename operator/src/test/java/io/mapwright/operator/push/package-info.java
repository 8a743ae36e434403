@NullMarked
package io.mapwright.operator.push;

import org.jspecify.annotations.NullMarked;
