package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies a listener of changed instances, on its own thread and once per burst. */
final class ChangeNotifier implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChangeNotifier.class);
  private static final Duration BURST = Duration.ofMillis(20);

  private final Consumer<NamespacedName> listener;
  private final Set<NamespacedName> changed = new LinkedHashSet<>();
  private final Signal signal = new Signal();
  private final Thread thread;

  ChangeNotifier(Consumer<NamespacedName> listener) {
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("push-notifier").start(this::run);
  }

  void changed(NamespacedName instance) {
    synchronized (changed) {
      changed.add(instance);
    }
    signal.raise();
  }

  private void run() {
    try {
      while (true) {
        signal.await(Duration.ofDays(1));
        take().forEach(this::notifyListener);
        Thread.sleep(BURST);
      }
    } catch (InterruptedException e) {
      log.debug("no more changes are reported");
    }
  }

  private List<NamespacedName> take() {
    synchronized (changed) {
      var all = List.copyOf(changed);
      changed.clear();
      return all;
    }
  }

  private void notifyListener(NamespacedName instance) {
    try {
      listener.accept(instance);
    } catch (RuntimeException | Error e) {
      log.error("{}: the listener failed", instance, e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
