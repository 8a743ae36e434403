package io.mapwright.operator.push;

import java.time.Instant;

/**
 * That a key was used on one gateway since it was last looked at.
 *
 * @param keyId public name of the key
 * @param lastUsed when the gateway last admitted it, to the second
 * @param cost what was admitted since the look before, in units of the scopes' cost (a tile is 1);
 *     0 at the first look, which does not know since when the gateway counts
 */
public record KeyUse(String keyId, Instant lastUsed, long cost) {}
