package io.mapwright.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.kube.Kubelet;
import io.mapwright.operator.kube.SecretText;
import io.mapwright.operator.kube.ServerPod;
import io.mapwright.operator.push.StandInGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Pods of an instance whose gateways are real to the operator, on loopback addresses. */
final class StandInPods implements AutoCloseable {
  private static final List<String> MAPS =
      Stream.of("session.map", "origins.map", "keys.map", "meta.map")
          .map(map -> "/etc/mapwright/gateway/" + map)
          .toList();

  private final List<StandInGateway> gateways = new ArrayList<>();

  StandInPods(Cluster cluster, String instance, int count) {
    cluster.until("its control Secret", Secret.class, instance + "-control", _ -> true);
    var control = SecretText.of(cluster.get(Secret.class, instance + "-control"));
    for (int i = 0; i < count; i++) {
      var address = listen(control);
      run(cluster, instance, instance + "-" + i, address);
    }
  }

  List<StandInGateway> gateways() {
    return gateways;
  }

  /** Whether every gateway accepts a key by its digest, or every one refuses it. */
  boolean all(boolean accepted, String sha256) {
    return gateways.stream()
        .allMatch(gateway -> gateway.holds(sha256.toUpperCase(java.util.Locale.ROOT)) == accepted);
  }

  /** Another run on this machine may have an address already: any of 65,000 will do. */
  private String listen(Map<String, String> control) {
    while (true) {
      int number = ThreadLocalRandom.current().nextInt(1, 65_000);
      var address = "127.40.%d.%d".formatted(number / 256, number % 256);
      try {
        gateways.add(
            new StandInGateway(
                address,
                GatewayPorts.DEFAULTS.control(),
                control,
                MAPS,
                control.getOrDefault("tls.crt", "")));
        return address;
      } catch (BindException e) {
        // The next one, then.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the operator's Secret is not usable", e);
      }
    }
  }

  private static void run(Cluster cluster, String instance, String name, String address) {
    var pod =
        cluster
            .client
            .resource(
                ServerPod.of(cluster.namespace, instance, name)
                    .editSpec()
                    .addNewInitContainer()
                    .withName("gateway")
                    .withImage("haproxy:3.2")
                    .endInitContainer()
                    .endSpec()
                    .build())
            .create();
    cluster.client.resource(Kubelet.running(pod, address)).updateStatus();
  }

  @Override
  public void close() {
    for (var gateway : gateways) {
      try {
        gateway.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
