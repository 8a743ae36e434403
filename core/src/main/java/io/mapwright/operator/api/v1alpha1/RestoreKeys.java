package io.mapwright.operator.api.v1alpha1;

/** What a restore does about API keys. */
public enum RestoreKeys {
  Leave,
  Recreate
}
