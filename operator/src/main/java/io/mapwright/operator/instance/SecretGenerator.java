package io.mapwright.operator.instance;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.pki.ControlCa;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the random content of an instance, and makes it anew when its time has come. */
final class SecretGenerator {
  /** A server certificate of the push channel is replaced this long before it ends. */
  private static final Duration RENEW_BEFORE = Duration.ofDays(60);

  private static final int KEY_BYTES = 32;

  private final SecureRandom random;
  private final Clock clock;

  SecretGenerator(SecureRandom random, Clock clock) {
    this.random = random;
    this.clock = clock;
  }

  /** Returns what is in the Secrets, completed where something is missing or due. */
  GeneratedSecrets complete(
      MapwrightInstance instance,
      Map<String, String> control,
      Map<String, String> sessions,
      Optional<String> backupPassword,
      Duration sessionRotation) {
    return new GeneratedSecrets(
        control(instance, control),
        sessions(sessions, sessionRotation),
        backupPassword.orElseGet(this::secret));
  }

  /** Name in the server certificate of an instance's gateways. */
  static String serverName(String uid) {
    return "gateway." + uid;
  }

  private Map<String, String> control(MapwrightInstance instance, Map<String, String> stored) {
    var meta = instance.getMetadata();
    var ca =
        ControlCa.load(text(stored, "ca.crt"), text(stored, "ca.key"), clock, random)
            .filter(loaded -> clock.instant().isBefore(loaded.notAfter().minus(RENEW_BEFORE)));
    if (ca.isPresent() && serves(stored, serverName(meta.getUid()))) {
      return stored;
    }
    var authority =
        ca.orElseGet(
            () -> ControlCa.create(meta.getNamespace() + "." + meta.getName(), clock, random));
    var server = authority.server(List.of(serverName(meta.getUid())));
    return new TreeMap<>(
        Map.of(
            "ca.crt", authority.certificatePem(),
            "ca.key", authority.privateKeyPem(),
            "tls.crt", server.certificatePem(),
            "tls.key", server.privateKeyPem()));
  }

  /** A Secret that outlived its instance carries the name of the one before. */
  private boolean serves(Map<String, String> stored, String name) {
    var pair = CertificatePair.of(text(stored, "tls.crt"), text(stored, "tls.key"));
    return pair.covers(name) && pair.problem(clock.instant().plus(RENEW_BEFORE)).isEmpty();
  }

  /** The previous key stays beside the current one, so that a change signs nobody out. */
  private Map<String, String> sessions(Map<String, String> stored, Duration every) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var current = stored.get("current");
    if (current == null || !usable(stored)) {
      return new TreeMap<>(Map.of("current", secret(), "rotatedAt", now.toString()));
    }
    if (now.isBefore(nextSessionKey(stored, every))) {
      return stored;
    }
    return new TreeMap<>(
        Map.of("current", secret(), "previous", current, "rotatedAt", now.toString()));
  }

  /** Whether the Secret's keys can sign; a pass that finds others makes new ones. */
  static boolean usable(Map<String, String> sessions) {
    var previous = sessions.get("previous");
    return signs(text(sessions, "current")) && (previous == null || signs(previous));
  }

  /** Whether a text can be a key; one that somebody spoilt is made anew. */
  private static boolean signs(String key) {
    try {
      return Base64.getDecoder().decode(key).length >= KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** When the session key is to change next. */
  static Instant nextSessionKey(Map<String, String> sessions, Duration every) {
    return rotatedAt(sessions).plus(every);
  }

  /** A time that can not be read is long ago, so that the Secret mends itself. */
  private static Instant rotatedAt(Map<String, String> sessions) {
    try {
      return Instant.parse(text(sessions, "rotatedAt"));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  static Instant nextSessionKey(InstanceInput in) {
    return nextSessionKey(in.generatedSecrets().sessions(), in.sessionRotation());
  }

  private String secret() {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String text(Map<String, String> map, String key) {
    @Nullable String value = map.get(key);
    return value == null ? "" : value;
  }
}
