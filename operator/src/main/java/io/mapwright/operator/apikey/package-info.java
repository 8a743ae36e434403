/** The pass over an ApiKey: generation, delivery, rotation, expiry, revocation. */
@NullMarked
package io.mapwright.operator.apikey;

import org.jspecify.annotations.NullMarked;
