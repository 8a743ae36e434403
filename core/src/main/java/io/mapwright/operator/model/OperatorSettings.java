package io.mapwright.operator.model;

/**
 * What the operator tells its instances of itself.
 *
 * @param namespace namespace that the operator runs in, from which gateways accept pushes
 * @param gatewayImage image of the gateway for instances that name none
 * @param backupImage image of restic for instances that name none
 * @param restoresGuarded whether the API server lets only those ask for the keys of a snapshot who
 *     may create ApiKeys themselves
 */
public record OperatorSettings(
    String namespace, String gatewayImage, String backupImage, boolean restoresGuarded) {}
