package io.mapwright.operator.pki;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS for a port of the operator itself, with a certificate that it issues and keeps in memory
 * only. It protects against eavesdropping; no trusted authority signs it, so it authenticates
 * nobody.
 */
public final class OwnCertificate {
  private final List<String> names;
  private final Clock clock;
  private final SecureRandom random;
  private @Nullable SSLSocketFactory factory;
  private Instant renewAt = Instant.MIN;

  /** Issues certificates for these names when needed. */
  public OwnCertificate(List<String> names, Clock clock, SecureRandom random) {
    this.names = List.copyOf(names);
    this.clock = clock;
    this.random = random;
  }

  /** Creates server sockets; the certificate is replaced at half its lifetime. */
  public synchronized SSLSocketFactory sockets() {
    var now = clock.instant();
    var present = factory;
    if (present != null && now.isBefore(renewAt)) {
      return present;
    }
    var issued = ControlCa.create(names.getFirst(), clock, random).server(names);
    var made = build(issued).getSocketFactory();
    factory = made;
    renewAt = now.plus(Duration.between(now, issued.notAfter()).dividedBy(2));
    return made;
  }

  private static SSLContext build(IssuedCertificate issued) {
    try {
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(OneKey.of(issued), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("issued credentials are not usable", e);
    }
  }
}
