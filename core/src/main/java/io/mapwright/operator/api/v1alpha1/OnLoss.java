package io.mapwright.operator.api.v1alpha1;

/** What becomes of a key whose delivery Secret is gone. */
public enum OnLoss {
  Report,
  Rotate
}
