package io.mapwright.operator.apikey;

import io.mapwright.operator.status.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a key.
 *
 * @param refused why its Secret was not written
 * @param intentStored whether the stored status has a digest more than the one that was gathered
 * @param seal of the stored status
 */
record Outcome(
    Digests digests, Optional<Problem> refused, boolean intentStored, @Nullable String seal) {}
