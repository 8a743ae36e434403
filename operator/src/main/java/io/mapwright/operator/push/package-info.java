/**
 * Pushes the live table of each instance to its gateways and keeps them synchronized.
 *
 * <p>Gateways start with empty maps and serve no protected path until this package has written a
 * complete table and read it back. Changes follow over mutual TLS to HAProxy's runtime API, never
 * by reload. Nothing here knows Kubernetes, and nothing here logs a key or a map value.
 */
@NullMarked
package io.mapwright.operator.push;

import org.jspecify.annotations.NullMarked;
