/**
 * What the gateway promises to answer, as a pure function: a request as the client sent it, the
 * table of keys and origins, and the time go in; the answer, the rule behind it and what the map
 * server may see come out.
 *
 * <p>Written from the promises, not from the gateway's configuration: the oracle's tests hold the
 * two against each other, so whatever one of them gets wrong shows.
 */
@NullMarked
package io.mapwright.operator.decision;

import org.jspecify.annotations.NullMarked;
