package io.mapwright.operator.apikey;

import io.mapwright.operator.status.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of generating and delivering a key.
 *
 * @param refused why its Secret was not written
 * @param intentStored whether the stored status already has the new digest
 * @param seal of the stored status
 */
record Outcome(
    Digests digests, Optional<Problem> refused, boolean intentStored, @Nullable String seal) {}
