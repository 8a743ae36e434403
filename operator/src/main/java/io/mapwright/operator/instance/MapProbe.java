package io.mapwright.operator.instance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests from pods, through their gateways, what a map needs. Every pod is asked: one that serves
 * is no proof for another. The answers are untrusted: only the status and the first byte are read,
 * within one deadline for everything.
 */
final class MapProbe {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** The timeout for one path, and for all paths of all pods. */
  record Timeouts(Duration answer, Duration round) {
    static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));
  }

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final int port;
  private final Timeouts timeouts;

  /** Asks gateways on that port. */
  MapProbe(int port, Timeouts timeouts) {
    this.port = port;
    this.timeouts = timeouts;
  }

  /**
   * Returns the failure of the first path that does not answer correctly; empty if all do. Blocks,
   * at most for the timeout of a round.
   */
  Optional<String> failure(List<String> addresses, List<String> paths) {
    var end = System.nanoTime() + timeouts.round().toNanos();
    return addresses.stream()
        .flatMap(address ->
            IntStream.range(0, paths.size())
                .mapToObj(n -> failure(address, n, paths.get(n), end))
                .flatMap(Optional::stream))
        .findFirst();
  }

  private Optional<String> failure(String address, int number, String path, long end) {
    var left = Math.min(timeouts.answer().toNanos(), end - System.nanoTime());
    if (left <= 0) {
      return Optional.of(path + " was not requested, the others took too long");
    }
    var host = address.contains(":") ? "[" + address + "]" : address;
    var uri = URI.create("http://" + host + ":" + port + "/probez/" + number);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(left)).GET().build();
    var exchange = client.sendAsync(request, _ -> new FirstByte());
    try {
      return judge(path, exchange.get(left, TimeUnit.NANOSECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return Optional.of(path + " does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(path + " was interrupted");
    } finally {
      // Closes the connection of a request that is still running.
      exchange.cancel(true);
    }
  }

  private static Optional<String> judge(String path, HttpResponse<Boolean> answer) {
    if (answer.statusCode() != 200) {
      return Optional.of(path + " answers " + answer.statusCode());
    }
    return answer.body() ? Optional.empty() : Optional.of(path + " answers with an empty body");
  }

  /** Finds out whether there is a body, and reads no more of it. */
  private static final class FirstByte implements HttpResponse.BodySubscriber<Boolean> {
    private final CompletableFuture<Boolean> found = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<Boolean> getBody() {
      return found;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      var more = subscription;
      if (more == null) {
        return;
      }
      if (bytes.stream().anyMatch(ByteBuffer::hasRemaining)) {
        found.complete(true);
        more.cancel();
      } else {
        more.request(1);
      }
    }

    @Override
    public void onError(Throwable e) {
      found.completeExceptionally(new IOException("cut", e));
    }

    @Override
    public void onComplete() {
      found.complete(false);
    }
  }
}
