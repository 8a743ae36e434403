/**
 * What a pass knows: records with references followed and defaults resolved. No input or output.
 */
@NullMarked
package io.mapwright.operator.model;

import org.jspecify.annotations.NullMarked;
