package io.mapwright.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.push.StandInGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    var control = decoded(cluster.get(Secret.class, instance + "-control"));
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

  static Map<String, String> decoded(Secret secret) {
    var decoded = new TreeMap<String, String>();
    secret
        .getData()
        .forEach((name, value) ->
            decoded.put(
                name, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return decoded;
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
    var labels = new TreeMap<>(Labels.of(instance));
    labels.putAll(Labels.pods(instance, Labels.Component.SERVER));
    var pod =
        cluster
            .client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(cluster.namespace)
                    .withLabels(labels)
                    .withAnnotations(Map.of(Labels.OWNER, instance))
                    .endMetadata()
                    .withNewSpec()
                    .addNewInitContainer()
                    .withName("gateway")
                    .withImage("haproxy:3.2")
                    .endInitContainer()
                    .addNewContainer()
                    .withName("server")
                    .withImage("maps:1")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    cluster.client.resource(running(pod, address)).updateStatus();
  }

  private static Pod running(Pod pod, String address) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(address)
        .addNewPodIP(address)
        .addNewInitContainerStatus()
        .withName("gateway")
        .withImage("haproxy:3.2")
        .withImageID("test")
        .withReady(true)
        .withStarted(true)
        .withNewState()
        .withNewRunning("2026-01-01T00:00:00Z")
        .endState()
        .endInitContainerStatus()
        .endStatus()
        .build();
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
