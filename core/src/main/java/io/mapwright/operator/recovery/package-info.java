/** What a backup keeps of API keys, digests and never keys, and how they are made again from it. */
@NullMarked
package io.mapwright.operator.recovery;

import org.jspecify.annotations.NullMarked;
