package io.mapwright.operator.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends the reading of a stream that takes too long as a whole, by closing it: a timeout of one read
 * does not end what sends a byte now and then.
 */
final class TimeLimit implements AutoCloseable {
  private final Thread guard;
  private final InputStream stream;
  private volatile boolean expired;

  /** Runs from now on until it is closed. */
  TimeLimit(Duration limit, InputStream stream) {
    this.stream = stream;
    guard = Thread.ofVirtual().name("time-limit").start(() -> expire(limit));
  }

  /** The stream, which says so when its time was over. */
  InputStream stream() {
    return new FilterInputStream(stream) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        try {
          var count = super.read(target, offset, length);
          if (expired) {
            throw new IOException("not read completely in time");
          }
          return count;
        } catch (IOException e) {
          throw expired ? new IOException("not read completely in time", e) : e;
        }
      }
    };
  }

  private void expire(Duration limit) {
    try {
      Thread.sleep(limit);
      expired = true;
      stream.close();
    } catch (InterruptedException _) {
      // Read to the end before.
    } catch (IOException _) {
      // The reader finds the time to be over all the same.
    }
  }

  @Override
  public void close() {
    guard.interrupt();
  }
}
