/**
 * The pods of an instance: map server, gateway beside it, their account, volume, Services and
 * scaling.
 */
@NullMarked
package io.mapwright.operator.workload;

import org.jspecify.annotations.NullMarked;
