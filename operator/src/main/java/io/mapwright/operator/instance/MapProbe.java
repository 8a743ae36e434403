package io.mapwright.operator.instance;

import io.mapwright.operator.gateway.GatewayPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Asks pods, through their gateways, for what a map needs. Asked of every pod: one that serves must
 * not vouch for another that does not.
 */
final class MapProbe {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Returns what the first path that does not answer as it should answered; empty if all do. */
  Optional<String> failure(Collection<String> addresses, List<String> paths) {
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    if (addresses.isEmpty()) {
      return Optional.of("no pod to ask");
    }
    return addresses.stream()
        .sorted()
        .flatMap(address ->
            IntStream.range(0, paths.size())
                .mapToObj(n -> failure(address, n, paths.get(n)))
                .flatMap(Optional::stream))
        .findFirst();
  }

  private Optional<String> failure(String address, int number, String path) {
    var host = address.contains(":") ? "[" + address + "]" : address;
    var uri =
        URI.create("http://" + host + ":" + GatewayPorts.DEFAULTS.internal() + "/probez/" + number);
    try {
      var request = HttpRequest.newBuilder(uri).timeout(ANSWER).GET().build();
      var answer = client.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        return Optional.of(path + " answers " + answer.statusCode());
      }
      return answer.body().length > 0 ? Optional.empty() : Optional.of(path + " answers nothing");
    } catch (IOException e) {
      return Optional.of(path + " does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(path + " was not asked to the end");
    }
  }
}
