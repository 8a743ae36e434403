package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Passes the events of a watch on as ASCII. The client decodes each buffer of a watch by itself, so
 * a character whose bytes are in two of them would be lost, and it takes the whole array behind the
 * decoded text, which is longer if a character has several bytes.
 */
final class WatchText implements Interceptor {
  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (!watches(request)) {
      return consumer;
    }
    var text = new AsciiJson();
    return (buffers, body) -> consumer.consume(buffers.stream().map(text::next).toList(), body);
  }

  private static boolean watches(HttpRequest request) {
    var query = request.uri().getQuery();
    return query != null && List.of(query.split("&")).contains("watch=true");
  }
}
