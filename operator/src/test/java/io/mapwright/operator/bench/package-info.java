/** Takes the figures of keys; started by e2e/bench/keys, not by the tests. */
@NullMarked
package io.mapwright.operator.bench;

import org.jspecify.annotations.NullMarked;
