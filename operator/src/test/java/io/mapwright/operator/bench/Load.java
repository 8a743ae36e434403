package io.mapwright.operator.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Requests at a steady rate over kept connections to all gateways, with random good keys. */
final class Load implements AutoCloseable {
  private static final int CONNECTIONS = 24;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong good = new AtomicLong();
  private final AtomicLong other = new AtomicLong();
  private final long begin = System.nanoTime();
  private volatile boolean stopped;

  Load(List<String> addresses, String host, List<String> keys, int perSecond) {
    var pause = 1_000_000_000L * CONNECTIONS / perSecond;
    for (int i = 0; i < CONNECTIONS; i++) {
      var address = addresses.get(i % addresses.size());
      threads.execute(() -> run(address, host, keys, pause));
    }
  }

  private void run(String address, String host, List<String> keys, long pause) {
    try (var client = new Client(address, host)) {
      for (var next = System.nanoTime(); !stopped; next += pause) {
        LockSupport.parkNanos(next - System.nanoTime());
        var key = keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
        (client.status(key) == 200 ? good : other).incrementAndGet();
      }
    } catch (IOException e) {
      other.incrementAndGet();
    }
  }

  double perSecond() {
    return Math.round(good.get() / ((System.nanoTime() - begin) / 1e9));
  }

  long notServed() {
    return other.get();
  }

  @Override
  public void close() {
    stopped = true;
    threads.close();
  }
}
