package io.mapwright.operator.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * Stands between an operator and the API server and decides, request by request, what goes wrong.
 * Each request has a connection of its own, so that a fault meets that request alone.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)\\r$");
  private static final Pattern CONNECTION = Pattern.compile("(?im)^connection: .*\\r\\n");

  /** A request as far as a fault depends on it. */
  public record Request(String method, String target) {
    public boolean writes() {
      return !"GET".equals(method);
    }

    public boolean watches() {
      return target.contains("watch=true");
    }

    public boolean about(String plural) {
      return target.matches(".*/" + plural + "([/?].*)?");
    }
  }

  /** What becomes of a request. */
  public sealed interface Fate {
    record Passes() implements Fate {}

    /** Answered here; the server never hears of it. */
    record Answered(int status) implements Fate {}

    /** The connection ends; the server never hears of it. */
    record CutBefore() implements Fate {}

    /** The server does what it is asked to, and its answer is lost. */
    record CutAfter() implements Fate {}

    record Slow(Duration delay) implements Fate {}
  }

  public static final Fate PASSES = new Fate.Passes();

  private final URI server;
  private final SSLSocketFactory tls;
  private final Config config;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Function<Request, Fate> judge = _ -> PASSES;
  private final AtomicInteger met = new AtomicInteger();
  private volatile boolean down;

  FaultProxy(Config server) {
    this.server = URI.create(server.getMasterUrl());
    config = server;
    try {
      tls = SSLUtils.sslContext(server).getSocketFactory();
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the server's own credentials are not usable", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** A client of the server that sees it through this. */
  public KubernetesClient client() {
    return ApiClient.of(
        new ConfigBuilder(config)
            .withMasterUrl(url())
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(0),
        Set.of(),
        Map.of());
  }

  /** Where the server seems to be, for a process of its own; anyone who asks there is its admin. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/";
  }

  public void judge(Function<Request, Fate> by) {
    judge = by;
  }

  /** How many requests did not simply pass. */
  public int met() {
    return met.get();
  }

  /** The server is gone: what is open ends, and nothing new begins. */
  public void down() {
    down = true;
    cutAll();
  }

  public void up() {
    down = false;
  }

  /** Ends all watches, and whatever else is under way. */
  public void cutAll() {
    open.forEach(FaultProxy::end);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed by the test, or one client less.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head = head(client.getInputStream());
      if (down || head.isEmpty()) {
        return;
      }
      var words = head.split(" ", 3);
      var fate = judge.apply(new Request(words[0], words[1]));
      if (!fate.equals(PASSES)) {
        met.incrementAndGet();
      }
      switch (fate) {
        case Fate.Passes _ -> forward(client, head, true);
        case Fate.CutAfter _ -> forward(client, head, false);
        case Fate.CutBefore _ -> {}
        case Fate.Answered answer -> answer(client, head, answer.status());
        case Fate.Slow slow -> {
          Thread.sleep(slow.delay());
          forward(client, head, true);
        }
      }
    } catch (IOException e) {
      // One of the two ends is gone, and so goes the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    int matched = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
      if (matched == 4) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private void forward(Socket client, String head, boolean answered) throws IOException {
    var upgrades = head.toLowerCase(Locale.ROOT).contains("\nupgrade: websocket");
    var passed =
        upgrades
            ? head
            : CONNECTION
                .matcher(head)
                .replaceAll("")
                .replaceFirst("\r\n", "\r\nConnection: close\r\n");
    try (var upstream = tls.createSocket(server.getHost(), server.getPort())) {
      open.add(upstream);
      upstream.getOutputStream().write(passed.getBytes(StandardCharsets.ISO_8859_1));
      Thread.ofVirtual().start(() -> copy(client, upstream));
      if (answered) {
        upstream.getInputStream().transferTo(new Flushing(client.getOutputStream()));
      } else {
        upstream.getInputStream().skip(1);
        upstream.getInputStream().read();
      }
      open.remove(upstream);
    }
  }

  /** A watch must not wait until a buffer is full. */
  private static final class Flushing extends java.io.FilterOutputStream {
    Flushing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      out.flush();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other direction ends as well.
    }
  }

  private static void answer(Socket client, String head, int status) throws IOException {
    var length = LENGTH.matcher(head);
    if (length.find()) {
      client.getInputStream().skipNBytes(Long.parseLong(length.group(1)));
    }
    var body =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"a fault\",\"reason\":\"%s\",\"code\":%d}"
            .formatted(reason(status), status);
    var answer =
        "HTTP/1.1 %d Fault\r\nContent-Type: application/json\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body);
    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private static String reason(int status) {
    return switch (status) {
      case 409 -> "Conflict";
      case 410 -> "Expired";
      case 429 -> "TooManyRequests";
      default -> "InternalError";
    };
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed as far as the test is concerned.
    }
  }

  @Override
  public void close() {
    cutAll();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
