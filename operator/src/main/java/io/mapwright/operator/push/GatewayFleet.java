package io.mapwright.operator.push;

import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All gateways of all instances that one operator process keeps in step. */
public final class GatewayFleet implements AutoCloseable {

  private final Map<String, InstanceChannels> instances = new ConcurrentHashMap<>();
  private final Watchdog watchdog = new Watchdog();
  private final ChangeNotifier notifier;
  private final FleetContext context;
  private volatile boolean closed;

  /**
   * @param onChange told the instance of which a state changed; a burst is told once
   */
  public GatewayFleet(
      PushSettings settings, PushObserver observer, Clock clock, Consumer<String> onChange) {
    this.notifier = new ChangeNotifier(onChange);
    this.context =
        new FleetContext(
            settings, observer, clock, watchdog, new ConnectedCount(observer), notifier::changed);
  }

  /**
   * Follows exactly these replicas from now on. Cheap when nothing differs: call it each pass, with
   * the same table each time. Other credentials of the same authority change nothing.
   */
  public void follow(
      String instanceKey,
      LiveTable table,
      ControlCredentials credentials,
      Set<ReplicaEndpoint> replicas) {
    var instance = new FollowedInstance(instanceKey, table, credentials);
    instances.compute(
        instanceKey,
        (key, known) -> {
          if (closed) {
            return known;
          }
          var channels = known == null ? new InstanceChannels(context) : known;
          channels.follow(instance, Set.copyOf(replicas));
          return channels;
        });
  }

  /** Stops following; the gateways keep serving what they have. */
  public void forget(String instanceKey) {
    var channels = instances.remove(instanceKey);
    if (channels != null) {
      channels.closeAll();
    }
  }

  /** Returns the state of each followed replica by pod uid. */
  public Map<String, ReplicaState> states(String instanceKey) {
    var channels = channels(instanceKey);
    return channels == null ? Map.of() : channels.states();
  }

  /**
   * Returns the generation that every followed replica holds at least; 0 if one has confirmed
   * nothing yet, empty if no replica is followed. A replica out of reach counts with what it
   * confirmed last.
   */
  public OptionalLong minimumGeneration(String instanceKey) {
    return states(instanceKey).values().stream().mapToLong(ReplicaState::generation).min();
  }

  /**
   * Has each replica of a followed instance, now and later, serve this certificate (chain and key)
   * in place of what it read from that path. Nothing is written where it is served already.
   *
   * @throws IllegalArgumentException if there is no certificate in {@code pem}
   */
  public void pushCertificate(String instanceKey, String certificatePath, String pem) {
    var certificate = DesiredCertificate.of(pem);
    var channels = channels(instanceKey);
    if (channels != null && MapText.isKey(certificatePath)) {
      channels.serve(certificatePath, certificate);
    }
  }

  /** Returns, by pod uid and then by path, whether the pushed certificates are served. */
  public Map<String, Map<String, CertificateState>> certificates(String instanceKey) {
    var channels = channels(instanceKey);
    return channels == null ? Map.of() : channels.certificateStates();
  }

  private @Nullable InstanceChannels channels(String instanceKey) {
    return instances.get(instanceKey);
  }

  /** Closes all sockets and returns; the threads end by themselves, none is waited for. */
  @Override
  public void close() {
    closed = true;
    instances.keySet().forEach(this::forget);
    notifier.close();
    watchdog.close();
  }
}
