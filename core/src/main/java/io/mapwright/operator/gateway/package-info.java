/**
 * The HAProxy gateway in front of the map server, as values and pure functions: settings in,
 * configuration text and map lines out. Nothing here reads a clock, a file or the cluster. Every
 * value checks itself on construction, so that no setting can carry a second configuration line or
 * a second map entry.
 */
@NullMarked
package io.mapwright.operator.gateway;

import org.jspecify.annotations.NullMarked;
