package io.mapwright.operator.recovery;

/**
 * What came of making the keys of a snapshot again.
 *
 * @param made how many were made here
 * @param otherNamespaces how many were left out because they are another namespace's
 */
public record RestoredKeys(int made, int otherNamespaces) {}
