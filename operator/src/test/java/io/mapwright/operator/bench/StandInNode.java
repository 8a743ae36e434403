package io.mapwright.operator.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mapwright.operator.kube.Kubelet;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.push.StandInGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node on loopback whose containers run nothing: the API server fetches their logs from here, as
 * it does from a kubelet.
 */
final class StandInNode implements AutoCloseable {
  private static final String NAME = "stand-in";

  private final Api api;
  private final byte[] log;
  private final HttpsServer kubelet;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong sent = new AtomicLong();

  /** Gives this log of each container. */
  StandInNode(Api api, String address, String log) throws IOException, GeneralSecurityException {
    this.api = api;
    this.log = log.getBytes(StandardCharsets.US_ASCII);
    var ca = ControlCa.create("bench", Clock.systemUTC(), new SecureRandom());
    var pair = ca.server(List.of(NAME));
    kubelet = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 0);
    kubelet.setHttpsConfigurator(
        new HttpsConfigurator(
            StandInGateway.context(
                Map.of(
                    "tls.crt", pair.certificatePem(),
                    "tls.key", pair.privateKeyPem(),
                    "ca.crt", ca.certificatePem()))));
    kubelet.setExecutor(executor);
    kubelet.createContext("/containerLogs/", this::give);
    kubelet.start();
    var node = node(address, kubelet.getAddress().getPort());
    api.client.resource(node).create();
    // At no version: the controller manager writes to a new node, too.
    api.client
        .resource(node)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(node));
  }

  private static Node node(String address, int port) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(NAME)
        .endMetadata()
        .withNewStatus()
        .addNewAddress(address, "InternalIP")
        .withNewDaemonEndpoints()
        .withNewKubeletEndpoint(port)
        .endDaemonEndpoints()
        .endStatus()
        .build();
  }

  private void give(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, log.length);
      exchange.getResponseBody().write(log);
      sent.addAndGet(log.length);
    }
  }

  /** Has a pod there, whose container of that name ended well with these last words. */
  void ran(Pod pod, String container, String lastWords) {
    api.client
        .bindings()
        .inNamespace(pod.getMetadata().getNamespace())
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(NAME)
                .endTarget()
                .build())
        .create();
    var bound = api.client.resource(pod).get();
    api.client.resource(Kubelet.succeeded(bound, container, lastWords)).updateStatus();
  }

  /** Bytes of logs that were given. */
  long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    kubelet.stop(0);
    executor.close();
  }
}
