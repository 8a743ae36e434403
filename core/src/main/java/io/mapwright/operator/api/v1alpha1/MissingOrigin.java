package io.mapwright.operator.api.v1alpha1;

/** What happens to a request without Origin and Referer. */
public enum MissingOrigin {
  Allow,
  Deny
}
