package io.mapwright.operator.model;

/**
 * Settings of the operator that instances depend on.
 *
 * @param namespace namespace that the operator runs in, from which gateways accept pushes
 * @param gatewayImage image of the gateway for instances that name none
 * @param backupImage image of restic for instances that name none
 * @param restoresGuarded whether the API server permits requests for the keys of a snapshot only to
 *     those who may create ApiKeys
 */
public record OperatorSettings(
    String namespace, String gatewayImage, String backupImage, boolean restoresGuarded) {}
