/**
 * Certificates: the authority of each instance's push channel, and the validation of a TLS Secret.
 */
@NullMarked
package io.mapwright.operator.pki;

import org.jspecify.annotations.NullMarked;
