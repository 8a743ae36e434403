/**
 * The three custom resources: records without logic, from which the CRDs are generated.
 *
 * <p>No schema defaults in the spec: a default lives in {@code model}, its effective value in the
 * status, so that GitOps tools see no drift.
 */
@NullMarked
package io.mapwright.operator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
