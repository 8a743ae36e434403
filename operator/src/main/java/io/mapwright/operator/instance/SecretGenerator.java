package io.mapwright.operator.instance;

import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.pki.ControlCa;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Generates the random content of an instance, and renews it when due. */
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

  /**
   * Returns the same input with all its generated Secrets: stored content is kept, missing or due
   * content is generated.
   */
  InstanceInput complete(InstanceInput in) {
    var stored = in.generatedSecrets();
    return in.with(
        new GeneratedSecrets(
            control(in, stored.control()),
            sessions(stored.sessions(), in.sessionRotation()),
            Objects.requireNonNullElseGet(stored.backupPassword(), this::secret),
            stored.versions()));
  }

  /** Name in the server certificate of an instance's gateways. */
  static String serverName(String uid) {
    return "gateway." + uid;
  }

  private Map<String, String> control(InstanceInput in, Map<String, String> stored) {
    var ca =
        ControlCa.load(text(stored, "ca.crt"), text(stored, "ca.key"), clock, random)
            .filter(loaded -> clock.instant().isBefore(loaded.notAfter().minus(RENEW_BEFORE)));
    if (ca.isPresent() && serves(stored, serverName(in.uid()))) {
      return stored;
    }
    var authority =
        ca.orElseGet(() -> ControlCa.create(in.namespace() + "." + in.name(), clock, random));
    var server = authority.server(List.of(serverName(in.uid())));
    return new TreeMap<>(
        Map.of(
            "ca.crt", authority.certificatePem(),
            "ca.key", authority.privateKeyPem(),
            "tls.crt", server.certificatePem(),
            "tls.key", server.privateKeyPem()));
  }

  /**
   * A Secret that outlived its instance has a certificate with the name of the former one; one of
   * an earlier operator cannot be presented to other gateways.
   */
  private boolean serves(Map<String, String> stored, String name) {
    var pair = CertificatePair.of(text(stored, "tls.crt"), text(stored, "tls.key"));
    return pair.covers(name)
        && pair.authenticatesClients()
        && pair.problem(clock.instant().plus(RENEW_BEFORE)).isEmpty();
  }

  /** The previous key is kept besides the current one, so that a rotation signs nobody out. */
  private Map<String, String> sessions(Map<String, String> stored, Duration every) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var current = stored.get("current");
    if (current == null || !usable(stored)) {
      return new TreeMap<>(Map.of("current", secret(), "rotatedAt", now.toString()));
    }
    if (now.isBefore(new GeneratedSecrets(Map.of(), stored, null).nextSessionKey(every))) {
      return stored;
    }
    return new TreeMap<>(
        Map.of("current", secret(), "previous", current, "rotatedAt", now.toString()));
  }

  /** Whether the Secret's keys can sign; otherwise a pass generates new ones. */
  static boolean usable(Map<String, String> sessions) {
    var previous = sessions.get("previous");
    return signs(text(sessions, "current")) && (previous == null || signs(previous));
  }

  /** Whether a text can be a key; a corrupted one is generated again. */
  private static boolean signs(String key) {
    try {
      return Base64.getDecoder().decode(key).length >= KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
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
