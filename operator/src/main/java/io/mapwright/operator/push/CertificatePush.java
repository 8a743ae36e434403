package io.mapwright.operator.push;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Replaces certificates in a running gateway, over a connection that may do nothing else. */
final class CertificatePush {

  private static final Pattern FINGERPRINT =
      Pattern.compile("(?m)^SHA1 FingerPrint: ([0-9A-Fa-f]{40})$");
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

  /** Returns the fingerprint of what is served for that path now. */
  String served(String path) throws RuntimeApiException {
    var answer = api.ask(Command.of("show ssl cert", path));
    var fingerprint = FINGERPRINT.matcher(answer);
    if (!fingerprint.find()) {
      throw new RuntimeApiException(errorIn(answer), "show ssl cert");
    }
    return fingerprint.group(1).toUpperCase(Locale.ROOT);
  }

  /** Serves {@code pem} unless that is what is served already; says whether it had to. */
  boolean serve(String path, String pem, String fingerprint) throws RuntimeApiException {
    if (fingerprint.equals(served(path))) {
      return false;
    }
    abandonOpenTransaction(path);
    var payload = BLANK_LINES.matcher(pem.strip()).replaceAll("\n");
    expect(
        api.ask(Command.withPayload(payload, "set ssl cert", path)),
        "Transaction created",
        "set ssl cert");
    expect(api.ask(Command.of("commit ssl cert", path)), "Success", "commit ssl cert");
    if (!fingerprint.equals(served(path))) {
      throw new RuntimeApiException(PushError.NOT_CONFIRMED, "show ssl cert");
    }
    return true;
  }

  // An attempt that was cut leaves its transaction open; only one can be, and 2.6 would put our
  // certificate into it even if it is about another path.
  private void abandonOpenTransaction(String path) throws RuntimeApiException {
    var answer = api.ask(Command.of("abort ssl cert", path));
    var other = TRANSACTION.matcher(answer);
    if (other.find()) {
      api.ask(Command.of("abort ssl cert", other.group(1)));
    }
  }

  private static void expect(String answer, String part, String doing) throws RuntimeApiException {
    if (!answer.contains(part)) {
      throw new RuntimeApiException(errorIn(answer), doing);
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
