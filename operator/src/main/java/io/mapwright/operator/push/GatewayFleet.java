package io.mapwright.operator.push;

import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.table.LiveTable;
import io.mapwright.operator.table.MapText;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** All gateways of all instances that one operator process keeps synchronized. */
public final class GatewayFleet implements AutoCloseable {

  private final Map<NamespacedName, InstanceChannels> instances = new ConcurrentHashMap<>();
  private final Watchdog watchdog = new Watchdog();
  private final ChangeNotifier reachability;
  private final ChangeNotifier progress;
  private final FleetContext context;
  private volatile boolean closed;

  /** Follows no gateway yet. */
  public GatewayFleet(
      PushSettings settings,
      PushObserver observer,
      Clock clock,
      Fence fence,
      FleetListener listener) {
    reachability = new ChangeNotifier(listener::reachabilityChanged);
    progress = new ChangeNotifier(listener::progressed);
    var bursts =
        new FleetListener() {
          @Override
          public void reachabilityChanged(NamespacedName instance) {
            reachability.changed(instance);
          }

          @Override
          public void progressed(NamespacedName instance) {
            progress.changed(instance);
          }

          @Override
          public void used(NamespacedName instance, List<KeyUse> uses) {
            listener.used(instance, uses);
          }
        };
    context =
        new FleetContext(
            settings,
            observer,
            clock,
            watchdog,
            new Semaphore(Runtime.getRuntime().availableProcessors(), true),
            new ConnectedCount(observer),
            fence,
            bursts);
  }

  /**
   * Follows exactly these replicas from now on. Cheap when nothing differs: call it each pass, with
   * the same table each time. Other credentials of the same authority change nothing.
   *
   * @param terms all replicas that exist share the limits, as one that is still starting takes its
   *     share as soon as it is ready
   */
  public void follow(
      NamespacedName instance,
      LiveTable table,
      ControlCredentials credentials,
      Set<ReplicaEndpoint> replicas,
      Terms terms) {
    var followed = new FollowedInstance(instance, table, credentials);
    instances.compute(
        instance,
        (key, known) -> {
          if (closed) {
            return known;
          }
          var channels = known == null ? new InstanceChannels(context) : known;
          channels.follow(followed, Set.copyOf(replicas), terms);
          return channels;
        });
  }

  /** Stops following; the gateways keep serving what they have. */
  public void forget(NamespacedName instance) {
    var channels = instances.remove(instance);
    if (channels != null) {
      channels.closeAll();
    }
  }

  /** Returns the state of each followed replica by pod uid. */
  public Map<String, ReplicaState> states(NamespacedName instance) {
    var channels = channels(instance);
    return channels == null ? Map.of() : channels.states();
  }

  /**
   * Returns whether the state of each replica of an instance is known: it confirmed a table, or an
   * attempt to reach it failed. Either happens within the limits of {@link PushSettings}.
   */
  public boolean known(NamespacedName instance) {
    var channels = channels(instance);
    return channels != null
        && channels.states().values().stream()
            .allMatch(state -> state.generation() > 0 || state.lastError() != null);
  }

  /**
   * Makes each replica of a followed instance, now and later, serve this certificate (chain and
   * key) instead of the one that it read from that path. Nothing is written if it is already
   * served.
   *
   * @throws IllegalArgumentException if there is no certificate in {@code pem}
   */
  public void pushCertificate(NamespacedName instance, String certificatePath, String pem) {
    var certificate = DesiredCertificate.of(pem);
    var channels = channels(instance);
    if (channels != null && MapText.isKey(certificatePath)) {
      channels.serve(certificatePath, certificate);
    }
  }

  /** Returns, by pod uid and then by path, whether the pushed certificates are served. */
  public Map<String, Map<String, CertificateState>> certificates(NamespacedName instance) {
    var channels = channels(instance);
    return channels == null ? Map.of() : channels.certificateStates();
  }

  /** Returns when the first of the certificates ends that the gateways of an instance serve. */
  public Optional<Instant> servedUntil(NamespacedName instance) {
    return certificates(instance).values().stream()
        .flatMap(states -> states.values().stream())
        .flatMap(state -> Optional.ofNullable(state.served()).stream())
        .map(CertificateState.Served::notAfter)
        .min(Comparator.naturalOrder());
  }

  private @Nullable InstanceChannels channels(NamespacedName instance) {
    return instances.get(instance);
  }

  /** Closes all sockets and returns; the threads end by themselves, none is waited for. */
  @Override
  public void close() {
    closed = true;
    instances.keySet().forEach(this::forget);
    reachability.close();
    progress.close();
    watchdog.close();
  }
}
