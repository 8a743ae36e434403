/** The only package besides the reconcilers that talks to the API server. */
@NullMarked
package io.mapwright.operator.kube;

import org.jspecify.annotations.NullMarked;
