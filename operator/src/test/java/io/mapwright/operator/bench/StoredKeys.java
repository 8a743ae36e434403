package io.mapwright.operator.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.seal.StatusSeal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * More keys than the API server could be asked to make in a sane time, put into its etcd: copies of
 * one that the operator made, and of its Secret, byte by byte what the API server stored. All that
 * is told apart has the same length in each, so that lengths in the encoding hold.
 */
final class StoredKeys implements AutoCloseable {
  private static final int AT_ONCE = 100;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();
  private final URI etcd;
  private final String namespace;

  StoredKeys(URI etcd, String namespace) {
    this.etcd = etcd;
    this.namespace = namespace;
  }

  /** What differs from key to key. */
  record Original(
      String name,
      String uid,
      String secretUid,
      String plain,
      String createdAt,
      String stored,
      StatusSeal by) {
    private Original another(String name, SecureRandom random) {
      return new Original(
          name,
          UUID.randomUUID().toString(),
          UUID.randomUUID().toString(),
          ApiKeyFormat.mint(random).value(),
          createdAt,
          stored,
          by);
    }

    private String seal() {
      var digest = ApiKeyFormat.digest(plain);
      var current =
          new KeyDigest(
              digest.toLowerCase(Locale.ROOT), ApiKeyFormat.keyId(digest), createdAt, null);
      var status =
          new ApiKeyStatus(
              null, null, null, null, current, null, null, null, null, null, null, null, null, null,
              null, null);
      return String.valueOf(by.seal(uid, status, stored).seal());
    }

    /** In an order in which none is a part of one that comes later. */
    private List<String> parts() {
      var digest = ApiKeyFormat.digest(plain);
      return List.of(
          uid,
          secretUid,
          plain,
          seal(),
          digest.toLowerCase(Locale.ROOT),
          ApiKeyFormat.keyId(digest),
          name);
    }
  }

  static String name(int number) {
    return "key-%06d".formatted(number);
  }

  /**
   * Copies an original to the numbers from 1 to before this; returns the plain keys by name. Many
   * get the same version, so nobody may be watching: a watch that is opened again would miss some.
   */
  Map<String, String> copied(Original original, int count) throws IOException {
    var copies =
        IntStream.range(1, count).mapToObj(i -> original.another(name(i), random)).toList();
    put("mapwright.io/apikeys", "", original, copies);
    // After their owners: the garbage collector would take them else.
    put("secrets", "-key", original, copies);
    return copies.stream().collect(Collectors.toMap(Original::name, Original::plain));
  }

  private void put(String kind, String suffix, Original original, List<Original> copies)
      throws IOException {
    var folder = "/registry/" + kind + "/" + namespace + "/";
    var stored = read(folder + original.name() + suffix);
    for (int from = 0; from < copies.size(); from += AT_ONCE) {
      var puts =
          copies.subList(from, Math.min(copies.size(), from + AT_ONCE)).stream()
              .map(copy ->
                  Map.of(
                      "requestPut",
                      Map.of(
                          "key", encoded(folder + copy.name() + suffix),
                          "value", encoded(copied(stored, original, copy)))))
              .toList();
      ask("txn", Map.of("success", puts));
    }
  }

  private static String copied(String stored, Original original, Original copy) {
    var text = stored;
    var from = original.parts();
    var to = copy.parts();
    for (int i = 0; i < from.size(); i++) {
      text = text.replace(from.get(i), to.get(i));
    }
    return text;
  }

  private String read(String path) throws IOException {
    var found = ask("range", Map.of("key", encoded(path)));
    var value = json.readTree(found).path("kvs").path(0).path("value").asText();
    if (value.isEmpty()) {
      throw new IOException("etcd has no " + path);
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1);
  }

  private String ask(String what, Map<String, ?> body) {
    try {
      var request =
          HttpRequest.newBuilder(etcd.resolve("/v3/kv/" + what))
              .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
              .build();
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("etcd: " + answer.statusCode() + " " + answer.body());
      }
      return Objects.requireNonNull(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    http.close();
  }
}
