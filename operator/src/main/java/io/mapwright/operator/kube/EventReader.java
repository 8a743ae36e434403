package io.mapwright.operator.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.EventList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.mapwright.operator.cause.EventMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Events of one object once, on request. Nothing is watched: most Events of a cluster are
 * about normal operation. Anybody who may write Events can write any number of them, so their
 * number, the size of a response and the time for it are bounded.
 */
public final class EventReader {
  private static final Logger log = LoggerFactory.getLogger(EventReader.class);

  private static final int EVENTS = 20;
  private static final int BYTES = 128 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final KubernetesClient client;

  public EventReader(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Returns the newest Event about an object that reports a problem.
   *
   * @return empty if there is none, or none that could be read within the bounds
   */
  public Optional<EventMessage> newest(String namespace, String kind, String name) {
    try {
      return list(namespace, "involvedObject.kind=" + kind + ",involvedObject.name=" + name);
    } catch (IOException | ExecutionException | TimeoutException e) {
      log.warn("could not read the events of {} {}/{}: {}", kind, namespace, name, e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<EventMessage> list(String namespace, String selector)
      throws IOException, ExecutionException, TimeoutException, InterruptedException {
    var http = client.getHttpClient();
    var path =
        "api/v1/namespaces/"
            + namespace
            + "/events?limit="
            + EVENTS
            + "&fieldSelector="
            + URLEncoder.encode(selector, UTF_8);
    var uri = URI.create(client.getMasterUrl().toString()).resolve(path);
    var request =
        http.newHttpRequestBuilder()
            .uri(uri)
            .timeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .build();
    var response =
        http.sendAsync(request, InputStream.class).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    return newest(response);
  }

  private Optional<EventMessage> newest(HttpResponse<InputStream> response) throws IOException {
    try (var body = response.body();
        var limit = new TimeLimit(TIMEOUT, body)) {
      if (response.code() != HttpURLConnection.HTTP_OK) {
        throw new IOException("the API server answered " + response.code());
      }
      var bytes = limit.stream().readNBytes(BYTES + 1);
      if (bytes.length > BYTES) {
        throw new IOException("the response has more than " + BYTES + " bytes");
      }
      var list =
          client
              .getKubernetesSerialization()
              .unmarshal(new ByteArrayInputStream(bytes), EventList.class);
      return EventMessage.newest(list.getItems());
    }
  }
}
