package io.mapwright.operator.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Limits the total time for reading a stream by closing it: a read timeout does not stop a sender
 * that trickles bytes.
 */
final class TimeLimit implements AutoCloseable {
  private final Thread guard;
  private final InputStream stream;
  private volatile boolean expired;

  /** Starts now, and ends when closed. */
  TimeLimit(Duration limit, InputStream stream) {
    this.stream = stream;
    guard = Thread.ofVirtual().name("time-limit").start(() -> expire(limit));
  }

  /** The stream; its exception reports when the time was exceeded. */
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
      // The stream was read in time.
    } catch (IOException _) {
      // The reader detects the timeout anyway.
    }
  }

  @Override
  public void close() {
    guard.interrupt();
  }
}
