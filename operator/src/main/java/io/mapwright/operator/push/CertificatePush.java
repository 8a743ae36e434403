package io.mapwright.operator.push;

import io.mapwright.operator.model.PushError;
import io.mapwright.operator.pki.Pem;
import io.mapwright.operator.push.CertificateState.Served;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Replaces certificates in a running gateway, over a connection that may do nothing else. */
final class CertificatePush {

  private static final Pattern FINGERPRINT =
      Pattern.compile("(?m)^SHA1 FingerPrint: ([0-9A-Fa-f]{40})$");
  private static final Pattern NOT_AFTER = Pattern.compile("(?m)^notAfter: (.+)$");
  private static final DateTimeFormatter OPENSSL_TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy z", Locale.ENGLISH);
  private static final Pattern TRANSACTION = Pattern.compile("about '([!-~&&[^';\\\\]]+)'");
  private static final Pattern BLANK_LINES = Pattern.compile("(\\r?\\n)+");

  private final RuntimeApi api;

  CertificatePush(RuntimeApi api) {
    this.api = api;
  }

  /** Returns the fingerprint of the leaf in {@code pem}, in the form HAProxy prints. */
  static String fingerprint(String pem) throws GeneralSecurityException {
    var leaf = Pem.certificates(pem).getFirst();
    var digest = MessageDigest.getInstance("SHA-1").digest(leaf.getEncoded());
    return HexFormat.of().withUpperCase().formatHex(digest);
  }

  /** Returns what is served for that path now. */
  Served served(String path) throws RuntimeApiException {
    var answer = api.ask(Command.of("show ssl cert", path));
    var fingerprint = FINGERPRINT.matcher(answer);
    var notAfter = NOT_AFTER.matcher(answer);
    if (!fingerprint.find() || !notAfter.find()) {
      throw new RuntimeApiException(errorIn(answer), "show ssl cert");
    }
    try {
      return new Served(
          fingerprint.group(1).toUpperCase(Locale.ROOT),
          OPENSSL_TIME.parse(notAfter.group(1).strip(), Instant::from));
    } catch (DateTimeParseException _) {
      throw new RuntimeApiException(PushError.UNEXPECTED_ANSWER, "show ssl cert");
    }
  }

  /** Serves {@code pem} in place of what is served, and reads that back. */
  Served replace(String path, String pem, String fingerprint) throws RuntimeApiException {
    abandonOpenTransaction(path);
    var payload = BLANK_LINES.matcher(pem.strip()).replaceAll("\n");
    expect(
        api.ask(Command.withPayload(payload, "set ssl cert", path)),
        "Transaction created",
        "set ssl cert");
    expect(api.ask(Command.of("commit ssl cert", path)), "Success", "commit ssl cert");
    var served = served(path);
    if (!fingerprint.equals(served.fingerprint())) {
      throw new RuntimeApiException(PushError.NOT_CONFIRMED, "show ssl cert");
    }
    return served;
  }

  // An interrupted attempt leaves its transaction open; there can be only one, and 2.6 would
  // add our certificate to it even if it is for another path.
  private void abandonOpenTransaction(String path) throws RuntimeApiException {
    var answer = api.ask(Command.of("abort ssl cert", path));
    var other = TRANSACTION.matcher(answer);
    if (other.find()) {
      api.ask(Command.of("abort ssl cert", other.group(1)));
    }
  }

  private static void expect(String answer, String part, String command)
      throws RuntimeApiException {
    if (!answer.contains(part)) {
      throw new RuntimeApiException(errorIn(answer), command);
    }
  }

  private static PushError errorIn(String answer) {
    if (answer.isBlank()) {
      return PushError.UNEXPECTED_ANSWER;
    }
    if (answer.startsWith("Permission denied")) {
      return PushError.PERMISSION_DENIED;
    }
    return answer.contains("Not found") ? PushError.NOT_CONFIGURED : PushError.REJECTED;
  }
}
