package io.mapwright.operator.recovery;

/**
 * The result of recreating the keys of a snapshot.
 *
 * @param made how many were created
 * @param otherNamespaces how many were skipped because they belong to other namespaces
 */
public record RestoredKeys(int made, int otherNamespaces) {}
