package io.mapwright.operator.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Two small authorities and what they issued, made once per run with the openssl command. */
public final class TestCertificates {
  private static final Path FOLDER = create();
  private static final char[] PASSWORD = "test".toCharArray();

  private TestCertificates() {}

  private static Path create() {
    try {
      var folder = Files.createTempDirectory("mapwright-certs");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(folder)));
      authority(folder, "ca");
      authority(folder, "foreign-ca");
      issue(folder, "ca", "server", "maps.example.com");
      issue(folder, "ca", "renewed", "renewed.example.com");
      issue(folder, "ca", "tables", ControlFrontend.TABLES_CLIENT);
      issue(folder, "ca", "certificates", ControlFrontend.CERTIFICATES_CLIENT);
      issue(folder, "ca", "stranger", "someone-else");
      issue(folder, "foreign-ca", "foreign", ControlFrontend.TABLES_CLIENT);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  private static void authority(Path folder, String name) throws IOException {
    openssl(
        folder,
        ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name)
            + (" -keyout " + name + ".key -out " + name + ".crt"));
  }

  private static void issue(Path folder, String authority, String name, String commonName)
      throws IOException {
    openssl(
        folder,
        ("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + commonName)
            + (" -keyout " + name + ".key -out " + name + ".csr"));
    openssl(
        folder,
        "x509 -req -days 2 -in %1$s.csr -CA %2$s.crt -CAkey %2$s.key -CAcreateserial -out %1$s.crt"
            .formatted(name, authority));
    openssl(
        folder,
        "pkcs12 -export -in %1$s.crt -inkey %1$s.key -out %1$s.p12 -passout pass:test"
            .formatted(name));
  }

  private static void openssl(Path folder, String arguments) throws IOException {
    var command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("openssl " + arguments + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A client that trusts anyone and shows this certificate, or none. */
  public static SSLContext client(String name) {
    try {
      KeyManager[] keys = null;
      if (!name.isEmpty()) {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(FOLDER.resolve(name + ".p12"))) {
          store.load(in, PASSWORD);
        }
        var factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, PASSWORD);
        keys = factory.getKeyManagers();
      }
      var context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {new Anyone()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The tests look at what the gateway does, not at who it is. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
