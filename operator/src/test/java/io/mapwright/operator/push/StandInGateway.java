package io.mapwright.operator.push;

import io.mapwright.operator.pki.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HAProxy's runtime API over mutual TLS as far as the operator uses it, and serves nobody:
 * for more gateways than a machine can hold. Its maps are real, so what the operator reads back is
 * what it wrote.
 */
public final class StandInGateway implements AutoCloseable {
  private static final String PROMPT = "\n> ";
  private static final String PAYLOAD_PROMPT = "\n+ ";
  private static final String CONTROL = "/etc/mapwright/control/tls.crt";

  private final SSLServerSocket listener;
  private final Map<String, Map<String, String>> maps = new HashMap<>();
  private final Map<String, Map<String, String>> prepared = new HashMap<>();
  private final Map<String, String> certificates = new HashMap<>();
  private final Map<String, String> offered = new HashMap<>();
  private final Set<String> everHad = new HashSet<>();
  private final AtomicInteger commands = new AtomicInteger();
  private final Set<SSLSocket> connections = ConcurrentHashMap.newKeySet();
  private int version;

  /** Listens with the Secret that the operator made for the gateways of an instance. */
  public StandInGateway(
      String address, int port, Map<String, String> control, List<String> paths, String servedPem)
      throws IOException, GeneralSecurityException {
    for (var path : paths) {
      maps.put(path, new HashMap<>());
    }
    certificates.put("/etc/mapwright/tls/tls.crt", described(servedPem));
    certificates.put(CONTROL, described(control.getOrDefault("tls.crt", "")));
    listener =
        (SSLServerSocket)
            context(control)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.ofLiteral(address));
    listener.setNeedClientAuth(true);
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Trusts and shows what such a Secret holds: tls.crt, tls.key and ca.crt. */
  public static SSLContext context(Map<String, String> control)
      throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "server",
        Pem.privateKey(control.getOrDefault("tls.key", "")),
        new char[0],
        Pem.certificates(control.getOrDefault("tls.crt", "")).toArray(Certificate[]::new));
    keys.setCertificateEntry("ca", Pem.certificates(control.getOrDefault("ca.crt", "")).getFirst());
    var mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    mine.init(keys, new char[0]);
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  /** Entries of a map, by its file's name. */
  public synchronized int size(String map) {
    return map(map).size();
  }

  /** Value in the meta map. */
  public synchronized @Nullable String meta(String key) {
    return map("meta.map").get(key);
  }

  public synchronized boolean holds(String digestHex) {
    return map("keys.map").containsKey(digestHex);
  }

  /** Whether it ever got an entry, such as a digest in lower-case hex. */
  public synchronized boolean everHad(String digest) {
    return everHad.contains(digest.toUpperCase(Locale.ROOT));
  }

  /** Fingerprint of the certificate that is shown on the control channel. */
  public synchronized @Nullable String controlCertificate() {
    return certificates.get(CONTROL);
  }

  public int commands() {
    return commands.get();
  }

  private Map<String, String> map(String fileName) {
    return maps.entrySet().stream()
        .filter(map -> map.getKey().endsWith("/" + fileName))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        var socket = (SSLSocket) listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(SSLSocket socket) {
    connections.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      var out = socket.getOutputStream();
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        commands.incrementAndGet();
        var answer = line.endsWith(" <<") ? withPayload(line, in) : plain(line);
        send(out, answer + PROMPT);
      }
    } catch (IOException e) {
      // The operator went away, or this gateway.
    } finally {
      connections.remove(socket);
    }
  }

  private String withPayload(String line, BufferedReader in) throws IOException {
    var payload = new StringBuilder();
    for (var next = in.readLine(); next != null && !next.isEmpty(); next = in.readLine()) {
      payload.append(next).append('\n');
    }
    return PAYLOAD_PROMPT.substring(1) + take(line.split(" ", -1), payload.toString());
  }

  private synchronized String take(String[] words, String payload) {
    if ("set".equals(words[0])) {
      offered.put(words[3], payload);
      return "Transaction created for certificate " + words[3] + "!\n";
    }
    var target =
        words[2].startsWith("@")
            ? prepared.get(words[2].substring(1) + words[3])
            : maps.get(words[2]);
    if (target == null) {
      return "Unknown map identifier. Please use #<id> or <file>.\n";
    }
    payload
        .lines()
        .forEach(entry -> {
          var space = entry.indexOf(' ');
          target.put(entry.substring(0, space), entry.substring(space + 1));
          everHad.add(entry.substring(0, space));
        });
    return "";
  }

  private synchronized String plain(String line) {
    var words = line.split(" ", 5);
    var verb = words[0] + (words.length > 1 ? " " + words[1] : "");
    return switch (verb) {
      case "prompt" -> "";
      case "get map" -> found(maps.getOrDefault(words[2], Map.of()).get(words[3]), words[3]);
      case "set map" ->
          maps.getOrDefault(words[2], Map.of()).containsKey(words[3])
              ? set(words[2], words[3], words[4])
              : "entry not found.\n";
      case "del map" ->
          maps.getOrDefault(words[2], new HashMap<>()).remove(words[3]) == null
              ? "Key not found.\n"
              : "";
      case "show map" -> listing();
      case "show info" -> "Name: stand-in\nStopping: 0\n";
      case "prepare map" -> prepare(words[2]);
      case "commit map" -> commit(words[2].substring(1), words[3]);
      case "show ssl" -> "Filename: " + words[3] + "\n" + certificates.get(words[3]);
      case "show table" -> "# table: keys, type: string, size:204800, used:0\n";
      case "commit ssl" -> certified(words[3]);
      default -> "Unknown command: '" + line + "'\n";
    };
  }

  private static String found(@Nullable String value, String key) {
    return value == null
        ? "type=str, case=sensitive, found=no\n"
        : "type=str, case=sensitive, found=yes, idx=tree, key=\"%s\", value=\"%s\", type=\"str\"\n"
            .formatted(key, value);
  }

  private String set(String map, String key, String value) {
    maps.computeIfAbsent(map, _ -> new HashMap<>()).put(key, value);
    everHad.add(key);
    return "";
  }

  private String listing() {
    var lines = new StringBuilder("# id (file) description\n");
    maps.forEach((path, entries) ->
        lines.append(
            "-1 (%s) pattern loaded from file '%s'. curr_ver=0 next_ver=0 entry_cnt=%d\n"
                .formatted(path, path, entries.size())));
    return lines.toString();
  }

  private String prepare(String map) {
    version++;
    prepared.put(version + map, new HashMap<>());
    return "New version created: " + version + "\n";
  }

  private String commit(String number, String map) {
    var next = prepared.remove(number + map);
    if (next == null) {
      return "Version not found.\n";
    }
    maps.put(map, next);
    return "";
  }

  private String certified(String path) {
    try {
      certificates.put(path, described(offered.getOrDefault(path, "")));
      return "Committing " + path + ".\nSuccess!\n";
    } catch (GeneralSecurityException e) {
      return "No certificate.\n";
    }
  }

  private static String described(String pem) throws GeneralSecurityException {
    var end = Pem.certificates(pem).getFirst().getNotAfter().toInstant().atZone(ZoneOffset.UTC);
    return "notAfter: %s\nSHA1 FingerPrint: %s\n"
        .formatted(
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH).format(end),
            CertificatePush.fingerprint(pem));
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Ends as a process does, with its connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    for (var connection : connections) {
      connection.close();
    }
  }
}
