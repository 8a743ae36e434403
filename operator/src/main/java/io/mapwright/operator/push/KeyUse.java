package io.mapwright.operator.push;

import java.time.Instant;

/**
 * The use of a key on one gateway since the last poll.
 *
 * @param keyId public name of the key
 * @param lastUsed when the gateway last admitted it, to the second
 * @param cost what was admitted since the previous poll, in units of the scopes' cost (a tile is
 *     1); 0 at the first poll, for which the start of the count is unknown
 */
public record KeyUse(String keyId, Instant lastUsed, long cost) {}
