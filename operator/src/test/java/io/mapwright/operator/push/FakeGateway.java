package io.mapwright.operator.push;

import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server that answers as a test says, well or badly. */
final class FakeGateway implements AutoCloseable {

  /** What happens on one connection after its handshake. */
  interface Script {
    void play(BufferedReader in, OutputStream out) throws IOException, InterruptedException;
  }

  static final String NAME = "gateway.test";

  private final SSLServerSocket listener;
  private final Script script;

  FakeGateway(ControlCa ca, Script script) throws Exception {
    this.script = script;
    var server = ca.server(List.of(NAME));
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "server",
        Pem.privateKey(server.privateKeyPem()),
        new char[0],
        Pem.certificates(server.certificatePem()).toArray(Certificate[]::new));
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), null, null);
    listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptAll);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        var socket = (SSLSocket) listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed at the end of the test.
      }
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      script.play(in, socket.getOutputStream());
    } catch (IOException | InterruptedException e) {
      // The client went away, which the tests do on purpose.
    }
  }

  static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  ReplicaEndpoint endpoint() {
    return new ReplicaEndpoint(
        "uid", "fake", listener.getInetAddress().getHostAddress(), listener.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
