package io.mapwright.operator.api.v1alpha1;

/** Days of the week. */
public enum Weekday {
  Mon,
  Tue,
  Wed,
  Thu,
  Fri,
  Sat,
  Sun
}
