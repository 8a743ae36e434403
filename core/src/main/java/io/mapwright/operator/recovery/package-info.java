/** What a backup stores of API keys (digests, never keys), and how they are recreated from it. */
@NullMarked
package io.mapwright.operator.recovery;

import org.jspecify.annotations.NullMarked;
