package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.KeySecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names of the objects that belong to an instance. A custom resource may have a name of up to 253
 * characters with dots in it; a Service, a label value and a pod's host name may not. A name that
 * does not fit is cut and gets a hash of the whole name behind it, so that two long names that
 * begin alike stay apart.
 */
public final class Names {
  /** Longest DNS label (RFC 1123), hence longest Service name and label value. */
  private static final int LABEL = 63;

  /** CronJob names are limited so that the Job's suffix fits (KEP-1026). */
  private static final int CRON_JOB = 52;

  private static final int HASH = 8;

  private Names() {}

  public static String server(String instance) {
    return derived(instance, "", LABEL);
  }

  /** Several routes share the hosts that do not fit into one. */
  public static String route(String instance, int number) {
    return number == 0 ? server(instance) : derived(instance, "-route-" + (number + 1), LABEL);
  }

  public static String metricsService(String instance) {
    return derived(instance, "-metrics", LABEL);
  }

  public static String gatewayConfig(String instance) {
    return derived(instance, "-gateway", LABEL);
  }

  public static String control(String instance) {
    return derived(instance, "-control", LABEL);
  }

  public static String sessions(String instance) {
    return derived(instance, "-sessions", LABEL);
  }

  public static String keyringShard(String instance, int shard) {
    return derived(instance, "-keyring-" + HexFormat.of().toHexDigits((byte) shard), LABEL);
  }

  public static String tls(String instance) {
    return derived(instance, "-tls", LABEL);
  }

  public static String data(String instance) {
    return derived(instance, "-data", LABEL);
  }

  public static String denyAll(String instance) {
    return derived(instance, "-deny-all", LABEL);
  }

  public static String serverPolicy(String instance) {
    return derived(instance, "-server", LABEL);
  }

  public static String backup(String instance) {
    return derived(instance, "-backup", CRON_JOB);
  }

  public static String check(String instance) {
    return derived(instance, "-check", CRON_JOB);
  }

  /** Each attempt at an update has its own backup Job. */
  public static String beforeUpdate(String instance, String attempt) {
    return derived(instance, "-update-" + sha256(attempt).substring(0, HASH), LABEL);
  }

  public static String drill(String instance) {
    return derived(instance, "-drill", CRON_JOB);
  }

  public static String drillFetch(String instance) {
    return derived(instance, "-drill-fetch", LABEL);
  }

  /** The record of what was restored into a volume. */
  public static String restored(String instance) {
    return derived(instance, "-restored", LABEL);
  }

  /** One restore has one Job: an id that was used before finds its former Job. */
  public static String restore(String instance, String id) {
    return derived(instance, "-restore-" + sha256(id).substring(0, HASH), LABEL);
  }

  /** Each incarnation of an instance has one final backup. */
  public static String finalBackup(String instance, String uid) {
    return derived(instance, "-final-" + sha256(uid).substring(0, HASH), LABEL);
  }

  public static String backupPassword(String instance) {
    return derived(instance, "-backup-password", LABEL);
  }

  public static String backupRepository(String instance) {
    return derived(instance, "-backup-repository", LABEL);
  }

  /** Default name of the Secret that delivers a key; Secret names may be 253 characters long. */
  public static String keySecret(String apiKey) {
    return derived(apiKey, "-key", 253);
  }

  /** Name of the Secret that a minted key is delivered into. */
  public static String keySecret(ApiKey key) {
    return Optional.ofNullable(key.getSpec().secret())
        .map(KeySecret::name)
        .orElseGet(() -> keySecret(key.getMetadata().getName()));
  }

  /** Value of the label that marks the objects of an instance. */
  public static String label(String instance) {
    return derived(instance, "", LABEL);
  }

  static String derived(String name, String suffix, int longest) {
    var fits = name.length() + suffix.length() <= longest;
    if (fits && (longest > LABEL || isLabel(name))) {
      return name + suffix;
    }
    var hash = sha256(name).substring(0, HASH);
    var room = longest - suffix.length() - HASH - 1;
    var head = name.replace('.', '-').replaceAll("^[^a-z]+", "");
    head = head.substring(0, Math.min(head.length(), room)).replaceAll("-+$", "");
    return (head.isEmpty() ? "m" : head) + "-" + hash + suffix;
  }

  /** Services must start with a letter, other labels may start with a digit: the narrower rule. */
  private static boolean isLabel(String name) {
    return name.length() <= LABEL && name.matches("[a-z]([-a-z0-9]*[a-z0-9])?");
  }

  /** Returns the SHA-256 of a text in lower-case hex. */
  public static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
