package io.mapwright.operator.api.v1alpha1;

/** Where a key is in its life. */
public enum KeyState {
  Pending,
  Active,
  Rotating,
  Denied,
  Expired,
  Revoked
}
