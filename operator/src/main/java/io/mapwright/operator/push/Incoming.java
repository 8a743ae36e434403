package io.mapwright.operator.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection on its own thread, so that the end of the connection is noticed while no
 * answer is awaited. Holds at most one chunk: a peer that sends more than is taken is slowed down.
 */
final class Incoming implements AutoCloseable {

  /** Longest text that is taken at once. A buffer for each idle gateway, so it is small. */
  static final int CHUNK = 4 * 1024;

  private final InputStream in;
  private final Runnable onEnd;
  private final Thread thread;
  private @Nullable String text;
  private @Nullable IOException failure;
  private boolean ended;

  /**
   * Starts to read.
   *
   * @param onEnd called once, on the reading thread, when the connection has ended or failed
   */
  Incoming(InputStream in, Runnable onEnd) {
    this.in = in;
    this.onEnd = onEnd;
    this.thread = Thread.ofVirtual().name("push-reader").start(this::run);
  }

  private void run() {
    try {
      var chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        hold(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
      }
      end(null);
    } catch (IOException e) {
      end(e);
    } catch (InterruptedException e) {
      end(new InterruptedIOException());
    }
  }

  private synchronized void hold(String received) throws InterruptedException {
    while (text != null) {
      wait();
    }
    text = received;
    notifyAll();
  }

  private void end(@Nullable IOException cause) {
    synchronized (this) {
      ended = true;
      failure = cause;
      notifyAll();
    }
    onEnd.run();
  }

  /** Returns what was received next, or null after the end. */
  synchronized @Nullable String take() throws IOException {
    try {
      while (text == null && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    if (text == null && failure != null) {
      throw failure;
    }
    var taken = text;
    text = null;
    notifyAll();
    return taken;
  }

  /** Whether {@link #take} would not wait: there is text, or the connection has ended. */
  synchronized boolean waiting() {
    return text != null || ended;
  }

  /** Releases the thread; the connection itself has to be closed too. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
