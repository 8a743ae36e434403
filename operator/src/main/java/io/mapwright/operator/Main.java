package io.mapwright.operator;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.mapwright.operator.kube.ApiClient;
import io.mapwright.operator.kube.LeaseFence;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator; stops it on SIGTERM within a timeout. */
public final class Main {
  private static final Duration STOP_BOUND = Duration.ofSeconds(20);

  /** Before that, an exit is a failure and keeps its exit code. */
  private static volatile boolean started;

  private Main() {}

  /**
   * Runs until stopped.
   *
   * @param args {@code --exit-after-ready} ends the process once it is ready, for making the AOT
   *     cache
   */
  @SuppressWarnings("SystemOut") // invalid settings are reported before logging is set up
  public static void main(String[] args) throws IOException {
    if (List.of(args).contains("--help")) {
      System.out.println(
          "Runs the Mapwright operator. Settings are environment variables; see the chart's README.");
      return;
    }
    var config = OperatorConfig.from(System.getenv());
    var clock = Clock.systemUTC();
    var lease =
        config.leaderElection()
            ? Optional.of(
                new LeaseFence(
                    config.lease(), MapwrightOperator.LEASE_DURATION, clock, System::nanoTime))
            : Optional.<LeaseFence>empty();
    var interceptors = new HashMap<String, Interceptor>();
    lease.ifPresent(fence -> interceptors.put("lease", fence));
    var client = ApiClient.of(new ConfigBuilder(), config.watchedNamespaces(), interceptors);
    var operator = new MapwrightOperator(config, client, lease, clock);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(operator)));
    operator.start();
    started = true;
    if (List.of(args).contains("--exit-after-ready")) {
      System.exit(0);
    }
  }

  /** A hanging stop must not keep the pod until it is killed. */
  private static void stop(MapwrightOperator operator) {
    var stopping = Thread.ofPlatform().daemon().name("stopping").start(operator::close);
    try {
      if (!stopping.join(STOP_BOUND)) {
        logger().warn("did not stop within {}", STOP_BOUND);
        Runtime.getRuntime().halt(1);
      }
      if (started) {
        // The JVM would exit with 143, as if it had been killed by the signal.
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(Main.class);
  }
}
