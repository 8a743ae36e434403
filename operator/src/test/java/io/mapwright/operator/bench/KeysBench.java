package io.mapwright.operator.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeyState;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.push.StandInGateway;
import io.mapwright.operator.recovery.PodLog;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes the figures of keys at scale, each stage on top of the one before; see e2e/bench/keys. */
final class KeysBench implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final int CONTROL_PORT = 10_999;
  private static final List<String> REAL = List.of("127.0.0.2", "127.0.0.3", "127.0.0.4");
  private static final String REAL_HOST = "tiles.big.example.com";
  private static final String OPERATOR = "system:serviceaccount:default:operator";
  private static final List<String> MAPS =
      List.of("session.map", "origins.map", "keys.map", "meta.map");

  private final Path work;
  private final Path state;
  private final Path audit;
  private final Path haproxy;
  private final Path image;
  private final Api api;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final Map<String, List<StandInGateway>> standIns = new LinkedHashMap<>();

  /** Plain keys of the instance with real gateways, by name. */
  private final Map<String, String> keys = new TreeMap<>();

  private @Nullable OperatorProcess running;
  private @Nullable RealGateways real;
  private int starts;

  private KeysBench(Path work, Path kubeconfig, Path state, Path haproxy, Path image)
      throws IOException {
    this.work = work;
    this.state = state;
    audit = state.resolve("log/audit.jsonl");
    this.haproxy = haproxy;
    this.image = image;
    api = new Api(kubeconfig);
  }

  private static String setting(String name, String otherwise) {
    return System.getProperty("bench." + name, otherwise);
  }

  private static int number(String name, int otherwise) {
    return Integer.getInteger("bench." + name, otherwise);
  }

  /**
   * Arguments: work folder, kubeconfig, state of the cluster, HAProxy, folder of the unpacked
   * image.
   */
  public static void main(String[] args) throws Exception {
    var paths = Stream.of(args).map(Path::of).toList();
    try (var bench =
        new KeysBench(paths.get(0), paths.get(1), paths.get(2), paths.get(3), paths.get(4))) {
      for (var stage : setting("stages", "burst,rest,restart,revocation").split(",", -1)) {
        bench.run(stage);
        System.err.println(stage + ": " + bench.figures.get(stage));
      }
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(bench.figures));
    }
  }

  private void run(String stage) throws Exception {
    switch (stage) {
      case "burst" -> figures.put(stage, burst());
      case "stored" -> figures.put(stage, stored());
      case "rest" -> figures.put(stage, rest());
      case "restart" -> figures.put(stage, restart());
      case "revocation" -> figures.put(stage, revocation());
      case "instances" -> figures.put(stage, instances());
      case "attacks" -> figures.put(stage, attacks());
      default -> throw new IllegalArgumentException(stage);
    }
  }

  /** The operator, which is started when a stage first needs it. */
  private OperatorProcess operator() throws IOException, InterruptedException {
    var known = running;
    if (known == null) {
      known =
          new OperatorProcess(
              image, work, options(), 18_080 + starts++, work.resolve("operator.log"));
      running = known;
      known.awaitReady(PATIENCE);
    }
    return known;
  }

  private List<String> options() {
    return Stream.of(
            "-XX:MaxRAM=" + setting("maxram", "320m"),
            "-XX:AOTCache=" + image.resolve("app/operator.aot"),
            setting("options", ""))
        .flatMap(text -> Stream.of(text.split(" ", -1)))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  /** Leases are not counted, and neither are reviews: those are questions, nothing is stored. */
  private long writes() throws IOException {
    try (var lines = Files.lines(audit)) {
      return lines
          .filter(line -> line.contains(OPERATOR) && !line.contains("\"resource\":\"leases\""))
          .filter(line -> !line.contains("\"resource\":\"selfsubject"))
          .count();
    }
  }

  /**
   * A bare client's writes, then as many keys at once on gateways that serve nobody, then ten times
   * as many on real ones.
   */
  private Map<String, Object> burst() throws Exception {
    int few = number("few", 1000);
    int many = number("many", 10_000);
    api.namespace("bare");
    var bare = new BareWrites(api, "bare");
    bare.seconds(0, few / 3, Api.PARALLEL);
    var bareSeconds = bare.seconds(few, 2 * few, Api.PARALLEL);
    // What the bare client made must neither be served by the operator nor weigh in its memory.
    api.client.namespaces().withName("bare").delete();
    Waits.until(
        "the bare client's objects are gone",
        PATIENCE,
        () -> api.client.namespaces().withName("bare").get() == null);
    operator();
    standIn("warm", "127.0.2.");
    made("warm", few / 3);
    standIn("small", "127.0.3.");
    var before = writes();
    var fewSeconds = made("small", few);
    var fewWrites = writes() - before;
    real();
    var manySeconds = made("big", many);
    var result = new LinkedHashMap<String, Object>();
    result.put("bareClientSeconds", bareSeconds);
    result.put("keys", few);
    result.put("seconds", fewSeconds);
    result.put("ratioToBare", round(fewSeconds / bareSeconds));
    result.put("targetRatioToBare", 1.5);
    result.put("operatorsWritesPerKey", round((double) fewWrites / few));
    result.put("manyKeys", many);
    result.put("manySeconds", manySeconds);
    result.put("ratioManyToFew", round(manySeconds / fewSeconds));
    result.put("targetRatioManyToFew", 12);
    return result;
  }

  /** An instance with three gateways that serve nobody. */
  private void standIn(String namespace, String addresses) throws Exception {
    api.namespace(namespace);
    api.instance(namespace, "tiles", 3);
    var three = IntStream.rangeClosed(1, 3).mapToObj(i -> addresses + i).toList();
    awaitControl(namespace, "tiles");
    listen(namespace, "tiles", three);
    api.podsRun(namespace, "tiles", three);
    awaitInSync(namespace, "tiles");
  }

  /** The instance of namespace big, with three HAProxy processes of its own configuration. */
  private void real() throws Exception {
    api.namespace("big");
    api.instance("big", "tiles", REAL.size());
    Waits.until("its Secrets and configuration", PATIENCE, () -> configuration() != null);
    real =
        new RealGateways(
            haproxy,
            work.resolve("real"),
            REAL,
            Objects.requireNonNull(configuration()),
            api.secret("big", "tiles-control"),
            api.secret("big", "tiles-own"),
            8080);
    api.podsRun("big", "tiles", REAL);
    awaitInSync("big", "tiles");
  }

  private @Nullable Map<String, String> configuration() {
    if (api.client.secrets().inNamespace("big").withName("tiles-control").get() == null) {
      return null;
    }
    return api.client.resources(ConfigMap.class).inNamespace("big").list().getItems().stream()
        .map(ConfigMap::getData)
        .filter(data -> data.containsKey("haproxy.cfg"))
        .findFirst()
        .orElse(null);
  }

  private void listen(String namespace, String instance, List<String> addresses)
      throws IOException, GeneralSecurityException {
    var control = api.secret(namespace, instance + "-control");
    var served = api.secret(namespace, instance + "-own").getOrDefault("tls.crt", "");
    var paths = MAPS.stream().map(map -> "/etc/mapwright/gateway/" + map).toList();
    var gateways = new ArrayList<StandInGateway>();
    for (var address : addresses) {
      gateways.add(new StandInGateway(address, CONTROL_PORT, control, paths, served));
    }
    standIns.put(namespace + "/" + instance, gateways);
  }

  private void awaitControl(String namespace, String name) throws InterruptedException {
    Waits.until(
        "control Secret of " + name,
        PATIENCE,
        () ->
            api.client.secrets().inNamespace(namespace).withName(name + "-control").get() != null);
  }

  private void awaitInSync(String namespace, String name) throws InterruptedException {
    awaitCondition(namespace, name, ConditionType.KeysInSync, c -> "True".equals(c.getStatus()));
  }

  private void awaitCondition(
      String namespace, String name, ConditionType type, Predicate<Condition> done)
      throws InterruptedException {
    Waits.until(
        "the condition " + type + " of " + namespace + "/" + name,
        PATIENCE,
        () ->
            Conditions.find(api.status(namespace, name).conditions(), type)
                .filter(done)
                .isPresent());
  }

  /** Seconds from the first key's creation until the operator has seen all of them Active. */
  private double made(String namespace, int keys) throws Exception {
    var before = active();
    var begin = System.nanoTime();
    Api.parallel(
        0,
        keys,
        Api.PARALLEL,
        number -> api.client.resource(Api.key(namespace, "key-" + number, "tiles", "")).create());
    Waits.until("all keys are Active", PATIENCE, () -> active() == before + keys);
    var seconds = Waits.seconds(begin);
    requireActive(namespace);
    Waits.until(
        "all gateways hold them",
        PATIENCE,
        () ->
            standIns.getOrDefault(namespace + "/tiles", List.of()).stream()
                .allMatch(gateway -> gateway.size("keys.map") == keys));
    return seconds;
  }

  private void requireActive(String namespace) {
    var states = api.client.resources(ApiKey.class).inNamespace(namespace).list().getItems();
    if (!states.stream()
        .allMatch(key -> Objects.requireNonNull(key.getStatus()).state() == KeyState.Active)) {
      throw new IllegalStateException("not all are Active");
    }
  }

  /** An operator starts that finds many keys, which all were made before. */
  private Map<String, Object> stored() throws Exception {
    int count = number("stored", 100_000);
    operator();
    real();
    var name = StoredKeys.name(0);
    api.client.resource(Api.key("big", name, "tiles", "")).create();
    Waits.until("the original is Active", PATIENCE, () -> active() == 1);
    settle();
    var original = api.original("big", name);
    var _ = operator().stop();
    running = null;
    try (var etcd =
        new StoredKeys(URI.create(Files.readString(state.resolve("etcd.url")).strip()), "big")) {
      keys.put(name, original.plain());
      keys.putAll(etcd.copied(original, count));
    }
    Waits.until("the API server has them all", PATIENCE, () -> api.count("big") == count);
    var writes = writes();
    var begin = System.nanoTime();
    operator();
    var ready = Waits.seconds(begin);
    var last = keys.getOrDefault(StoredKeys.name(count - 1), "");
    Waits.until("all gateways hold them", PATIENCE, () -> opensEverywhere(last));
    var converged = Waits.seconds(begin);
    settle();
    var result = new LinkedHashMap<String, Object>();
    result.put("keys", active());
    result.put("maxram", setting("maxram", "320m"));
    result.put("secondsToReady", ready);
    result.put("secondsUntilAllGatewaysHoldThem", converged);
    result.put("writes", writes() - writes);
    result.put("residentMiB", operator().residentMiB());
    result.put("peakResidentMiB", operator().peakMiB());
    return result;
  }

  private static boolean opensEverywhere(String key) throws IOException {
    for (var address : REAL) {
      try (var client = new Client(address, REAL_HOST)) {
        if (client.status(key) != 200) {
          return false;
        }
      }
    }
    return true;
  }

  private long active() throws IOException, InterruptedException {
    return operator()
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("mapwright_keys{state=\"Active\"}"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 2)))
        .findFirst()
        .orElse(-1);
  }

  private Map<String, Object> rest() throws Exception {
    settle();
    // For the first minutes after a start the compiler is still at work on what a rest runs.
    var warmup = number("warmup", 60);
    var before = percentOfACore(warmup);
    var seconds = number("rest", 60);
    var writes = writes();
    var used = percentOfACore(seconds);
    var result = new LinkedHashMap<String, Object>();
    result.put("keys", active());
    result.put("seconds", seconds);
    result.put("writes", writes() - writes);
    result.put("warmupSeconds", warmup);
    result.put("percentOfACoreInWarmup", round(before));
    result.put("percentOfACore", round(used));
    result.put("targetPercentOfACore", 1);
    result.put("residentMiB", operator().residentMiB());
    result.put("peakResidentMiB", operator().peakMiB());
    result.put("targetResidentMiB", 300);
    return result;
  }

  private double percentOfACore(int seconds) throws Exception {
    var cpu = operator().cpu();
    Thread.sleep(Duration.ofSeconds(seconds));
    return operator().cpu().minus(cpu).toMillis() / 10.0 / seconds;
  }

  /** Waits until the operator has written nothing for ten seconds. */
  private void settle() throws Exception {
    for (long before = -1, now = writes(); before != now; now = writes()) {
      before = now;
      Thread.sleep(Duration.ofSeconds(10));
    }
  }

  private Map<String, Object> restart() throws Exception {
    settle();
    var tables = tables();
    var exit = operator().stop();
    running = null;
    var writes = writes();
    var begin = System.nanoTime();
    var next = operator();
    var ready = Waits.seconds(begin);
    Waits.until(
        "all gateways hold the new process's table",
        PATIENCE,
        () -> {
          var now = tables();
          return now.stream().noneMatch(tables::contains) && !now.contains("-");
        });
    var converged = Waits.seconds(begin);
    Thread.sleep(Duration.ofSeconds(10));
    var result = new LinkedHashMap<String, Object>();
    result.put("exitCodeOfTheFormer", exit);
    result.put("secondsToReady", ready);
    result.put("secondsToConverged", converged);
    result.put("targetSecondsToConverged", 10);
    result.put("writes", writes() - writes);
    result.put("residentMiB", next.residentMiB());
    return result;
  }

  private List<String> tables() throws IOException, InterruptedException {
    var tables =
        new ArrayList<>(
            standIns.values().stream()
                .flatMap(List::stream)
                .map(gateway -> String.valueOf(gateway.meta("table")))
                .toList());
    if (real != null) {
      tables.addAll(real.tables());
    }
    return tables;
  }

  private Map<String, Object> revocation() throws Exception {
    var gateways = Objects.requireNonNull(real, "the stage burst or stored comes first");
    if (keys.isEmpty()) {
      keys.putAll(api.delivered("big"));
    }
    var result = new LinkedHashMap<String, Object>();
    result.put("keys", keys.size());
    result.put("replicas", REAL.size());
    result.put("target", keys.size() > 10_000 ? "p99 1500" : "p50 100, p99 1000");
    result.putAll(
        new Revocations(api, "big", REAL, REAL_HOST).measured(keys, number("revocations", 200)));
    result.put("haproxyReloads", gateways.reloads());
    result.put("haproxyAlive", gateways.alive());
    result.put("operatorResidentMiB", operator().residentMiB());
    return result;
  }

  /** Many instances with one gateway each. */
  private Map<String, Object> instances() throws Exception {
    operator();
    int count = number("instances", 1000);
    api.namespace("many");
    var begin = System.nanoTime();
    Api.parallel(0, count, Api.PARALLEL, number -> api.instance("many", "i" + number, 1));
    for (int i = 0; i < count; i++) {
      var name = "i" + i;
      var address = List.of("127.1.%d.%d".formatted(i / 250, i % 250 + 1));
      awaitControl("many", name);
      listen("many", name, address);
      api.podsRun("many", name, address);
    }
    for (int i = 0; i < count; i++) {
      awaitInSync("many", "i" + i);
    }
    var result = new LinkedHashMap<String, Object>();
    result.put("instances", count);
    result.put("secondsUntilAllInSync", Waits.seconds(begin));
    result.put("residentMiB", operator().residentMiB());
    return result;
  }

  /** Whether the operator stays up and cuts keys in time while it is attacked. */
  private Map<String, Object> attacks() throws Exception {
    if (keys.isEmpty()) {
      keys.putAll(api.delivered("big"));
    }
    var result = new LinkedHashMap<String, Object>();
    result.put("target", "alive at every look, p99 1000");
    result.put("before", under(Attacks::none));
    result.put(
        "halfRequestsToTheMetricsPort",
        under(() -> Attacks.halfRequests(operator().metricsPort())));
    result.put("mapServersWithoutEnd", endlessAnswers());
    result.put("logsThatUnzipToTooMuch", logBombs());
    standIn("hostile", "127.0.4.");
    result.put(
        "keysWithOneDigest", under(() -> Attacks.oneDigest(api, "hostile", number("same", 2000))));
    return result;
  }

  private Map<String, Object> endlessAnswers() throws Exception {
    var namespace = "endless";
    api.namespace(namespace);
    var names = numbered("maps", HostileMapServer.Answer.values().length);
    var addresses = numbered("127.0.5.", names.size());
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      api.instance(namespace, name, 1, "", "  updates: {probePaths: [/styles.json]}\n");
      awaitControl(namespace, name);
      listen(namespace, name, List.of(addresses.get(i)));
      api.podsRun(namespace, name, List.of(addresses.get(i)));
      awaitInSync(namespace, name);
    }
    return under(() -> Attacks.endlessAnswers(api, namespace, names, addresses));
  }

  private Map<String, Object> logBombs() throws Exception {
    var namespace = "bombs";
    api.namespace(namespace);
    var names = numbered("tiles", number("bombs", 8));
    var jobs = new ArrayList<String>();
    for (var name : names) {
      api.instance(
          namespace,
          name,
          1,
          ", volume: {size: 1Gi}",
          """
            backup: {schedule: "0 3 * * *", repository: {volume: {size: 1Gi}}}
            restore: {id: once, keys: Recreate}
          """);
      api.allowKeys(namespace, name);
      jobs.add(Names.restore(name, "once"));
    }
    var log = PodLog.of(PodLog.zipped("x".repeat(1 << 20), 260));
    try (var node = new StandInNode(api, "127.0.6.1", log)) {
      var result = under(() -> Attacks.logBombs(api, node, namespace, jobs));
      for (var name : names) {
        awaitCondition(
            namespace,
            name,
            ConditionType.Restored,
            c -> Reason.RestoreFailed.name().equals(c.getReason()));
      }
      return result;
    }
  }

  private static List<String> numbered(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
  }

  private Map<String, Object> under(Callable<Attacks.Attack> attack) throws Exception {
    int count = number("attacked", 50);
    var lives = new AtomicInteger();
    var deaths = new AtomicInteger();
    var looks =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                (operatorLives() ? lives : deaths).incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
              }
            });
    var result = new LinkedHashMap<String, Object>();
    try (var going = attack.call()) {
      result.putAll(new Revocations(api, "big", REAL, REAL_HOST).measured(keys, count));
      result.put("done", going.done());
    } finally {
      looks.interrupt();
      looks.join();
    }
    result.remove("raw");
    keys.keySet().removeAll(keys.keySet().stream().sorted().limit(count).toList());
    result.put("livezAnswered", lives.get());
    result.put("livezNotAnswered", deaths.get());
    result.put("residentMiB", operator().residentMiB());
    result.put("peakResidentMiB", operator().peakMiB());
    return result;
  }

  private boolean operatorLives() {
    var known = running;
    return known != null && known.lives();
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  @Override
  public void close() throws IOException {
    if (running != null) {
      running.close();
    }
    if (real != null) {
      real.close();
    }
    for (var gateways : standIns.values()) {
      for (var gateway : gateways) {
        gateway.close();
      }
    }
    api.close();
  }
}
