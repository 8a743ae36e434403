package io.mapwright.operator.kube;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Answers the kubelet's probes. A standby replica fills its caches like the leader, and is checked
 * in the same way.
 */
public final class Health {
  /**
   * How long a source may be unhealthy, or a task be busy with one step, before the process has to
   * be restarted. Informers reconnect by themselves within a minute, the steps of a task end within
   * the client's retries, and an upgrade of a control plane takes minutes.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * An API server that has not answered for this long is unavailable, and a restart would not help.
   */
  private static final Duration AWAY = Duration.ofSeconds(90);

  private final BooleanSupplier started;
  private final BooleanSupplier synced;
  private final SourceHealth sources;
  private final Supplier<List<String>> unserved;
  private final Supplier<Duration> silence;
  private final List<PeriodicTask> tasks;

  /**
   * Creates one from these inputs.
   *
   * @param started whether all was started
   * @param synced whether instances, keys and policies have been listed
   * @param unserved namespaces that should be served and cannot be
   * @param silence how long the API server has not answered
   */
  public Health(
      BooleanSupplier started,
      BooleanSupplier synced,
      SourceHealth sources,
      Supplier<List<String>> unserved,
      Supplier<Duration> silence,
      List<PeriodicTask> tasks) {
    this.started = started;
    this.synced = synced;
    this.sources = sources;
    this.unserved = unserved;
    this.silence = silence;
    this.tasks = List.copyOf(tasks);
  }

  /** Why the process has to be restarted; empty if it is alive. */
  public List<String> dead() {
    var dead = new ArrayList<String>();
    if (silence.get().compareTo(AWAY) < 0) {
      sources.lostFor(PATIENCE).forEach(name -> dead.add("no events of " + name));
    }
    for (var task : tasks) {
      if (task.busy().compareTo(PATIENCE) >= 0) {
        dead.add("task " + task.name() + " hangs");
      }
    }
    return dead;
  }

  /** What is missing before this process can work; empty if it is ready. */
  public List<String> missing() {
    if (!started.getAsBoolean()) {
      return List.of("not all controllers are started, they wait for their caches");
    }
    return synced.getAsBoolean()
        ? List.of()
        : List.of("instances, keys and policies are not all listed");
  }

  /** What does not work although the rest does, for diagnosis. */
  public List<String> degraded() {
    var degraded = new ArrayList<String>();
    if (silence.get().compareTo(AWAY) >= 0) {
      degraded.add("the API server does not answer");
    }
    sources.now().forEach(name -> degraded.add("no events of " + name));
    unserved.get().forEach(namespace -> degraded.add(ServedNamespaces.why(namespace)));
    return degraded;
  }
}
