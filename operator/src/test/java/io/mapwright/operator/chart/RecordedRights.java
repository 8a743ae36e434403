package io.mapwright.operator.chart;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** Writes down which rights the requests of a client need, and which were missing. */
final class RecordedRights implements Interceptor {
  private static final Pattern PATH =
      Pattern.compile(
          "/apis?(?:/(?<group>[a-z0-9.-]+))?/v[a-z0-9]+(?:/namespaces/[^/]+)?"
              + "/(?<resource>[a-z]+)(?:/(?<name>[^/]+)(?:/(?<sub>[a-z]+))?)?");

  private final Set<Right> used = new ConcurrentSkipListSet<>();
  private final Set<Right> missing = new ConcurrentSkipListSet<>();

  Set<Right> used() {
    return used;
  }

  Set<Right> missing() {
    return missing;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    right(request.method(), request.uri()).ifPresent(used::add);
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    // Server-side apply of an object that is not there needs the right to create it.
    if (request.method().equals("PATCH") && response.code() == 201) {
      right("POST", request.uri()).ifPresent(used::add);
    }
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
    if (response.code() == 403) {
      right(response.request().method(), response.request().uri()).ifPresent(missing::add);
    }
    return CompletableFuture.completedFuture(false);
  }

  /** What everybody may do, discovery and asking for one's own rights, is not counted. */
  private static Optional<Right> right(String method, URI uri) {
    var path = PATH.matcher(uri.getPath());
    if (!path.matches() || path.group("resource").startsWith("self")) {
      return Optional.empty();
    }
    var group = Optional.ofNullable(path.group("group")).orElse("");
    var sub = path.group("sub");
    var resource = path.group("resource") + (sub == null ? "" : "/" + sub);
    return Optional.of(new Right(group, resource, verb(method, path.group("name") != null, uri)));
  }

  private static String verb(String method, boolean named, URI uri) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> named ? "delete" : "deletecollection";
      default ->
          uri.getQuery() != null && uri.getQuery().contains("watch=true")
              ? "watch"
              : named ? "get" : "list";
    };
  }
}
