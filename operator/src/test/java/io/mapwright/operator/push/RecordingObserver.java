package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what it hears. */
final class RecordingObserver implements PushObserver {

  final List<Duration> latencies = new CopyOnWriteArrayList<>();
  final List<FullSyncReason> fullSyncs = new CopyOnWriteArrayList<>();
  final List<Duration> fullSyncDurations = new CopyOnWriteArrayList<>();
  final List<PushError> failures = new CopyOnWriteArrayList<>();
  final AtomicInteger certificatesPushed = new AtomicInteger();
  volatile int connected;

  @Override
  public void certificatePushed(NamespacedName instance) {
    certificatesPushed.incrementAndGet();
  }

  @Override
  public void enforced(NamespacedName instance, Duration sinceChange) {
    latencies.add(sinceChange);
  }

  @Override
  public void fullSync(
      NamespacedName instance, FullSyncReason reason, int entries, Duration duration) {
    fullSyncs.add(reason);
    fullSyncDurations.add(duration);
  }

  @Override
  public void failed(NamespacedName instance, PushError error) {
    failures.add(error);
  }

  @Override
  public void connectedReplicas(int count) {
    connected = count;
  }
}
