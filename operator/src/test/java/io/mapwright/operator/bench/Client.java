package io.mapwright.operator.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One kept connection to one gateway, over TLS; whom it talks to is not the question here. */
final class Client implements AutoCloseable {
  private static final SSLContext ANY = any();

  private final String address;
  private final String host;
  private Socket socket;
  private InputStream in;

  Client(String address, String host) throws IOException {
    this.address = address;
    this.host = host;
    socket = connect();
    in = new BufferedInputStream(socket.getInputStream());
  }

  private Socket connect() throws IOException {
    var plain = new Socket(InetAddress.ofLiteral(address), 10443);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(10_000);
    return ANY.getSocketFactory().createSocket(plain, host, 10443, true);
  }

  /** Asks for a tile and returns the status of the answer. */
  int status(String key) throws IOException {
    try {
      return ask(key);
    } catch (IOException closed) {
      socket.close();
      socket = connect();
      in = new BufferedInputStream(socket.getInputStream());
      return ask(key);
    }
  }

  private int ask(String key) throws IOException {
    var request =
        "GET /tiles/0/0/0.pbf HTTP/1.1\r\nHost: %s\r\nX-Api-Key: %s\r\n\r\n".formatted(host, key);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var status = line();
    int length = 0;
    boolean close = false;
    for (var header = line(); !header.isEmpty(); header = line()) {
      var lower = header.toLowerCase(java.util.Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      close |= lower.equals("connection: close");
    }
    in.skipNBytes(length);
    if (close) {
      socket.close();
      socket = connect();
      in = new BufferedInputStream(socket.getInputStream());
    }
    return Integer.parseInt(status.split(" ", -1)[1]);
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  private static SSLContext any() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
