/** The input of a pass: records with references followed and defaults resolved. No I/O. */
@NullMarked
package io.mapwright.operator.model;

import org.jspecify.annotations.NullMarked;
