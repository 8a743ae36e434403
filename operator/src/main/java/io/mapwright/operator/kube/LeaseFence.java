package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mapwright.operator.push.Fence;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Open while nobody else can have acquired the lease: until its duration has passed since this
 * process sent the last accepted renewal. Intercepts the renewals in the client, because the
 * library that renews the lease does not report them.
 *
 * <p>Both clocks must agree: the monotonic one stops while a machine sleeps, the wall clock may be
 * changed.
 */
public final class LeaseFence implements Interceptor, Fence {
  private final String path;
  private final Duration duration;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private volatile Limits sent = Limits.NONE;
  private volatile Limits limits = Limits.NONE;
  private volatile boolean shut;

  /** Creates one for a Lease of that name and duration. */
  public LeaseFence(String lease, Duration duration, Clock clock, LongSupplier nanoTime) {
    path = "/leases/" + lease;
    this.duration = duration;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  private record Limits(Instant wall, long nanos) {
    static final Limits NONE = new Limits(Instant.MIN, Long.MIN_VALUE);
  }

  @Override
  public boolean open() {
    var now = limits;
    return !shut
        && !now.equals(Limits.NONE)
        && clock.instant().isBefore(now.wall())
        && nanoTime.getAsLong() - now.nanos() < 0;
  }

  /** Closes the fence, for a process that releases the lease. */
  public void shut() {
    shut = true;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (renews(request)) {
      sent = new Limits(clock.instant().plus(duration), nanoTime.getAsLong() + duration.toNanos());
    }
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    if (renews(request) && response.isSuccessful()) {
      limits = sent;
    }
  }

  private boolean renews(HttpRequest request) {
    var creates = "POST".equals(request.method()) && request.uri().getPath().endsWith("/leases");
    return creates || (!"GET".equals(request.method()) && request.uri().getPath().endsWith(path));
  }
}
