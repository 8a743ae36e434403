package io.mapwright.operator.api.v1alpha1;

/** How the gateway is reached from outside the cluster. */
public enum ExposureType {
  ClusterIP,
  LoadBalancer,
  Ingress,
  HTTPRoute
}
