package io.mapwright.operator.push;

/**
 * Whether this process may write to gateways now. Checked before each write, so that a process that
 * was suspended while another took over does not write stale data.
 */
@FunctionalInterface
public interface Fence {

  /** For a process without competing replicas. */
  Fence OPEN = () -> true;

  boolean open();
}
