package io.mapwright.operator.gateway;

import static io.mapwright.operator.gateway.KeyAttacks.PATH;
import static io.mapwright.operator.gateway.Table.TILES;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.Scope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** The operator's channel: who gets in, how far, and that what it changes counts at once. */
final class ControlAttacks {
  private static final String DENIED = "Permission denied\n\n";

  private ControlAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("operator edits maps", ControlAttacks::edits),
        Attack.of("no client certificate", gw -> closed(gw, "")),
        Attack.of("certificate of another authority", gw -> closed(gw, "foreign")),
        Attack.of("certificate of another name", gw -> closed(gw, "stranger")),
        Attack.of("commands that are nobody's", ControlAttacks::othersCommands),
        Attack.of("commands of the other client", ControlAttacks::eachOthersCommands),
        Attack.of("payloads of commands", ControlAttacks::payloads),
        Attack.of("re-scoped key on an open connection", ControlAttacks::openConnection),
        Attack.of("full table in one transaction", ControlAttacks::transaction),
        Attack.of("certificate renewed in place", ControlAttacks::renewal),
        Attack.of("readiness and generation", ControlAttacks::readiness),
        Attack.of("metrics and counters", ControlAttacks::metrics),
        Attack.of("idle connections of one address", ControlAttacks::idleOnes),
        Attack.of("a handshake that never ends", ControlAttacks::endlessHandshake),
        Attack.of("an operator that says nothing for a while", ControlAttacks::quietOperator),
        Attack.of(
            "as many clients as there are places",
            ControlAttacks::fewPlaces,
            ControlAttacks::fullHouse),
        Attack.of(
            "the control port from inside the pod",
            settings -> settings.controlFromPod(false),
            ControlAttacks::fromInside),
        Attack.of("the control port from the pod's own address", ControlAttacks::fromOwnAddress));
  }

  private static GatewaySettings.Builder fewPlaces(GatewaySettings.Builder settings) {
    var d = Limits.DEFAULTS;
    return settings.limits(
        new Limits(
            d.maxBodyBytes(),
            d.maxUriBytes(),
            d.maxHeaders(),
            16,
            d.maxConnectionsPerAddress(),
            d.anonymous(),
            d.badKeysPerTenSeconds(),
            d.loginsPerMinute(),
            d.scopeCosts(),
            d.dryRun(),
            d.threads()));
  }

  private static void operatorGetsIn(Gateway gw) {
    assertThat(control(gw, "tables", "show info")).contains("Version");
  }

  /** More than there are places, from an address that is not the operator's. */
  private static void idleOnes(Gateway gw) throws IOException {
    try (var _ = new Idle(gw.settings.ports().control(), "127.0.0.9", 300)) {
      operatorGetsIn(gw);
    }
  }

  private static void endlessHandshake(Gateway gw) throws IOException {
    try (var socket = Idle.connect(gw.settings.ports().control(), "127.0.0.1")) {
      socket.setSoTimeout(9000);
      // The beginning of a record that never comes to its end.
      socket.getOutputStream().write(new byte[] {22, 3, 1});
      int end;
      try {
        end = socket.getInputStream().read();
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("still open after 9 s", e);
      }
      assertThat(end).isNegative();
    }
  }

  private static void quietOperator(Gateway gw) throws IOException {
    try (var socket =
        gw.tls(TestCertificates.client("tables"), "127.0.0.1", gw.settings.ports().control())) {
      socket.getOutputStream().write("prompt\n".getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isNotNegative();
      Gateway.pause(7000);
      socket.getOutputStream().write("show info\n".getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(64), ISO_8859_1))
          .contains("HAProxy");
    }
  }

  private static void fullHouse(Gateway gw) throws IOException {
    var ports = gw.settings.ports();
    try (var _ = new Idle(ports.https(), "127.0.0.9", 40);
        var _ = new Idle(ports.http(), "127.0.0.9", 40)) {
      operatorGetsIn(gw);
      assertThat(gw.internal("/readyz").status()).isEqualTo(200);
    }
  }

  private static void fromInside(Gateway gw) {
    for (var address : List.of("127.0.0.1", "127.0.0.2")) {
      assertThat(talk(gw, "tables", address, gw.settings.ports().control(), "show info\n"))
          .as(address)
          .startsWith("closed:");
    }
  }

  /** With the rule about loopback out of the way, for here all addresses are of that sort. */
  private static void fromOwnAddress(Gateway gw) throws IOException {
    try (var pod =
        new Gateway(
            gw.haproxy,
            settings -> settings.controlFromPod(false),
            text -> text.replace("{ src 127.0.0.0/8 ::1 } || ", ""))) {
      int port = pod.settings.ports().control();
      assertThat(talk(pod, "tables", "127.0.0.1", port, "show info\n")).startsWith("closed:");
      assertThat(talk(pod, "tables", "127.0.0.2", port, "show info\n")).contains("Version");
    }
  }

  static String talk(Gateway gw, String client, int port, String text) {
    return talk(gw, client, "127.0.0.1", port, text);
  }

  private static String talk(Gateway gw, String client, String from, int port, String text) {
    try (var socket = gw.tls(TestCertificates.client(client), from, port)) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return "closed: " + e.getClass().getSimpleName();
    }
  }

  private static String control(Gateway gw, String client, String command) {
    return talk(gw, client, gw.settings.ports().control(), command + "\n");
  }

  private static void edits(Gateway gw) {
    var map = gw.paths.map(GatewayMap.KEYS);
    assertThat(control(gw, "tables", "get map " + map + " " + TILES.digest()))
        .contains("found=yes");
    assertThat(control(gw, "tables", "del map " + map + " " + TILES.digest())).isBlank();
    assertThat(gw.get(PATH + "?key=" + TILES.value()).problem()).isEqualTo("key-unknown");
  }

  private static void closed(Gateway gw, String client) {
    assertThat(control(gw, client, "show info")).doesNotContain("Version");
  }

  /** What a stolen certificate of either client must not get out of the process or into it. */
  private static void othersCommands(Gateway gw) {
    var keys = gw.paths.map(GatewayMap.KEYS);
    // A bad request with a key in it: the command line shows such ones to level admin.
    gw.raw("GET " + PATH + "?key=" + TILES.value() + " HTTP/1.1\r\nHost\u0001: x\r\n\r\n");
    var commands =
        List.of(
            "show errors",
            "show map " + keys,
            "show acl",
            "clear map " + keys,
            "get map " + gw.paths.routes() + " /",
            "set map " + gw.paths.routes() + " / tiles",
            "add map " + gw.paths.routes() + " <<\n/ tiles\n",
            "add acl " + keys + " x",
            "get map " + keys + " x; show errors",
            "get map " + keys + " x ;show errors",
            "get map " + keys + " x \\; show errors",
            "show info;show errors",
            "show info\r;show errors",
            "show info\0show errors",
            " show info",
            "show info typed",
            "add map " + keys + " x <<%EOF%\nx y\n%EOF%\n",
            "expert-mode on",
            "experimental-mode on",
            "operator",
            "@1 show errors",
            "show ssl cert",
            "show ssl ca-file",
            "show env",
            "show fd",
            "show pools",
            "show sess all",
            "show table anonymous",
            "clear table keys",
            "set table keys key x data.gpc0 0",
            "show table keys data.gpt0 gt 0;show errors",
            "set ssl cert " + gw.paths.controlCa() + " <<\nx\n",
            "new ssl cert /tmp/x",
            "del ssl cert " + gw.paths.certificate(),
            "disable frontend https",
            "shutdown frontend https",
            "set maxconn global 1",
            "set server map_server/app state maint",
            "debug dev memmap");
    for (var client : List.of("tables", "certificates")) {
      for (var command : commands) {
        assertThat(control(gw, client, command)).as(command).isEqualTo(DENIED);
        assertThat(control(gw, client, "prompt\n" + command))
            .as("in a prompt: " + command)
            .isEqualTo("\n> " + DENIED + "> ");
      }
    }
    assertThat(gw.get(PATH + "?key=" + TILES.value()).status()).isEqualTo(200);
  }

  /** Each client has its own list. */
  private static void eachOthersCommands(Gateway gw) {
    var keys = gw.paths.map(GatewayMap.KEYS);
    for (var command : List.of("show map", "get map " + keys + " x", "prepare map " + keys)) {
      assertThat(control(gw, "certificates", command)).isEqualTo(DENIED);
      assertThat(control(gw, "tables", command)).doesNotContain("Permission denied");
    }
    var file = gw.paths.certificate();
    for (var command : List.of("show ssl cert " + file, "show table keys data.gpt0 gt 0")) {
      assertThat(control(gw, "tables", command)).isEqualTo(DENIED);
      assertThat(control(gw, "certificates", command)).doesNotContain("Permission denied");
    }
  }

  /** What follows a payload is a command again, and a payload without an end is none. */
  private static void payloads(Gateway gw) {
    var add = "add map " + gw.paths.map(GatewayMap.KEYS) + " <<\n";
    assertThat(control(gw, "tables", "prompt\n" + add + "x y\n\nshow errors"))
        .isEqualTo("\n> \n> " + DENIED + "> ");
    assertThat(control(gw, "tables", add + "z y\u0000\n\n")).isEmpty();
    assertThat(control(gw, "tables", add + "z y\r\n\n")).isEmpty();
    assertThat(control(gw, "tables", add + "z y\n".repeat(5000) + "\n")).isEmpty();
    var lookup = "get map " + gw.paths.map(GatewayMap.KEYS) + " ";
    assertThat(control(gw, "tables", lookup + "x")).contains("found=yes");
    assertThat(control(gw, "tables", lookup + "z")).contains("found=no");
  }

  private static void openConnection(Gateway gw) throws IOException {
    var request =
        "GET " + PATH + "?key=" + TILES.value() + " HTTP/1.1\r\nHost: " + Gateway.HOST + "\r\n\r\n";
    try (var socket = gw.connect("127.0.0.1")) {
      var in = new BufferedInputStream(socket.getInputStream());
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      assertThat(Reply.read(in, false).status()).isEqualTo(200);
      var fontsOnly = Table.key(TILES, Set.of(Scope.FONTS), Table.PLENTY);
      control(gw, "tables", "set map " + gw.paths.map(GatewayMap.KEYS) + " " + fontsOnly.line());
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      assertThat(Reply.read(in, false).problem()).isEqualTo("key-scope");
    }
  }

  private static void transaction(Gateway gw) {
    var map = gw.paths.map(GatewayMap.KEYS);
    var version = gw.runtime("prepare map " + map).replaceAll("\\D", "");
    gw.runtime(
        "add map @"
            + version
            + " "
            + map
            + " <<\n"
            + Table.key(Table.UNKNOWN, Set.of(Scope.TILES), Table.PLENTY).line()
            + "\n");
    assertThat(gw.get(PATH + "?key=" + TILES.value()).status()).isEqualTo(200);
    assertThat(gw.get(PATH + "?key=" + Table.UNKNOWN.value()).status()).isEqualTo(401);
    assertThat(gw.runtime("commit map @" + version + " " + map)).isBlank();
    assertThat(gw.get(PATH + "?key=" + TILES.value()).status()).isEqualTo(401);
    assertThat(gw.get(PATH + "?key=" + Table.UNKNOWN.value()).status()).isEqualTo(200);
  }

  private static void renewal(Gateway gw) throws IOException {
    try (var open = gw.connect("127.0.0.1")) {
      assertThat(served(open)).contains("maps.example.com");
      var pem =
          Files.readString(TestCertificates.file("renewed.crt"))
              + Files.readString(TestCertificates.file("renewed.key"));
      var file = gw.paths.certificate();
      assertThat(
              control(
                  gw, "certificates", "set ssl cert " + file + " <<\n" + pem.replace("\n\n", "\n")))
          .contains("ransaction");
      assertThat(control(gw, "certificates", "commit ssl cert " + file)).contains("Success");
      try (var fresh = gw.connect("127.0.0.1")) {
        assertThat(served(fresh)).contains("renewed.example.com");
      }
      open.getOutputStream()
          .write(
              ("GET /healthz HTTP/1.1\r\nHost: " + Gateway.HOST + "\r\n\r\n").getBytes(ISO_8859_1));
      assertThat(Reply.read(open.getInputStream(), false).status()).isEqualTo(200);
    }
  }

  private static String served(javax.net.ssl.SSLSocket socket) throws IOException {
    socket.startHandshake();
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  private static void readiness(Gateway gw) {
    assertThat(gw.internal("/readyz").body())
        .contains("\"ready\":true")
        .contains("\"generation\":\"7\"");
    assertThat(gw.internal("/healthz").status()).isEqualTo(200);
    control(gw, "tables", "set map " + gw.paths.map(GatewayMap.META) + " ready 0");
    var starting = gw.internal("/readyz");
    assertThat(starting.status()).isEqualTo(503);
    assertThat(starting.body()).contains("\"ready\":false");
  }

  private static void metrics(Gateway gw) {
    gw.get(PATH + "?key=" + TILES.value());
    gw.get(PATH + "?key=" + TILES.value());
    gw.get(PATH);
    gw.get("/nowhere");
    assertThat(gw.internal("/metrics").body())
        .contains("haproxy_process_dropped_logs_total")
        .containsPattern(
            "haproxy_backend_http_responses_total\\{proxy=\"tiles\",code=\"2xx\"\\} 2");
    assertThat(gw.internal("/decisions").body())
        .contains("mapwright_gateway_refused_total{scope=\"tiles\",rule=\"key-missing\"} 1")
        .contains("mapwright_gateway_refused_total{scope=\"none\",rule=\"unknown-path\"} 1")
        .contains("mapwright_gateway_refused_total{scope=\"tiles\",rule=\"key-unknown\"} 0");
    var use = gw.internal("/keys/" + TILES.keyId()).body();
    assertThat(use).contains("\"admitted\":2").containsPattern("\"lastUsed\":1[0-9]{9}");
    assertThat(gw.internal("/keys/kunused").body()).contains("\"lastUsed\":0,\"admitted\":0");
    assertThat(gw.internal("/anything").status()).isEqualTo(404);
  }
}
