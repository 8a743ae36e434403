/** The certificate that the gateway serves. */
@NullMarked
package io.mapwright.operator.tls;

import org.jspecify.annotations.NullMarked;
