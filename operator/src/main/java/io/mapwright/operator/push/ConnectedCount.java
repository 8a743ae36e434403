package io.mapwright.operator.push;

/** Counts open channels; reports each change in order. */
final class ConnectedCount {

  private final PushObserver observer;
  private int count;

  ConnectedCount(PushObserver observer) {
    this.observer = observer;
  }

  synchronized void add(int difference) {
    count += difference;
    observer.connectedReplicas(count);
  }
}
