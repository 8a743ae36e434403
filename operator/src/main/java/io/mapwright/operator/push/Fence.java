package io.mapwright.operator.push;

/**
 * Whether this process may write to gateways at this moment. Asked before each write, so that a
 * process that slept while another took over its work does not write what it knew before.
 */
@FunctionalInterface
public interface Fence {

  /** For a process that has no rival. */
  Fence OPEN = () -> true;

  boolean open();
}
