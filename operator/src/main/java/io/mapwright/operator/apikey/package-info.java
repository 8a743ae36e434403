/** The pass over an ApiKey: minting, delivery, rotation, expiry, revocation. */
@NullMarked
package io.mapwright.operator.apikey;

import org.jspecify.annotations.NullMarked;
