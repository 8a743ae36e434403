package io.mapwright.operator.metrics;

import io.mapwright.operator.metrics.HttpPort.Answer;
import io.mapwright.operator.metrics.HttpPort.Limits;
import io.mapwright.operator.metrics.HttpPort.Request;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/** Two independent ports: /livez and /readyz for the kubelet, /metrics for authorized scrapers. */
public final class StatusServer implements AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /**
   * Authorization and encryption of scrapes.
   *
   * @param review reviews a token
   * @param sockets wrap connections in TLS
   */
  public record Guard(Review review, Supplier<SSLSocketFactory> sockets) {}

  private final Probes probes;
  private final Scrape scrape;
  private final Optional<Scrapers> scrapers;
  private final HttpPort kubelet;
  private final HttpPort metrics;

  /**
   * Binds both ports.
   *
   * @param guard empty if anyone who reaches the port may scrape, in plain text
   * @throws IOException if one is in use
   */
  public StatusServer(
      int port,
      int probePort,
      Probes probes,
      PrometheusMeterRegistry registry,
      Runnable beforeScrape,
      Optional<Guard> guard)
      throws IOException {
    this(port, probePort, probes, registry, beforeScrape, guard, Limits.DEFAULT);
  }

  StatusServer(
      int port,
      int probePort,
      Probes probes,
      PrometheusMeterRegistry registry,
      Runnable beforeScrape,
      Optional<Guard> guard,
      Limits limits)
      throws IOException {
    this.probes = probes;
    scrape = new Scrape(registry, beforeScrape, System::nanoTime);
    scrapers = guard.map(g -> new Scrapers(g.review(), System::nanoTime, Scrapers.MAX_WAIT));
    kubelet = new HttpPort(probePort, Optional.empty(), limits, this::probe);
    metrics = new HttpPort(port, guard.map(Guard::sockets), limits, this::scrape);
  }

  public void start() {
    kubelet.start();
    metrics.start();
  }

  public int port() {
    return metrics.port();
  }

  public int probePort() {
    return kubelet.port();
  }

  private Answer probe(Request request) {
    return switch (request.path()) {
      case "/livez" -> answer(probes.live());
      case "/readyz" -> answer(probes.ready());
      default -> Answer.text(404, "there are /livez and /readyz\n");
    };
  }

  private static Answer answer(Probes.Result result) {
    return Answer.text(result.status(), result.text());
  }

  private Answer scrape(Request request) {
    if (!request.path().equals("/metrics")) {
      return Answer.text(404, "there is /metrics\n");
    }
    return scrapers
        .flatMap(known -> known.refusal(request.authorization()))
        .orElseGet(() -> new Answer(200, TEXT, scrape.text(), Map.of()));
  }

  @Override
  public void close() {
    metrics.close();
    kubelet.close();
  }
}
