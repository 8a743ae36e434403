package io.mapwright.operator.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The operator's credentials for the gateways of one instance, and the authority that it trusts for
 * them.
 *
 * <p>Client certificates are issued when a connection needs one and replaced at half their
 * lifetime.
 */
public final class ControlCredentials {

  private final Function<ControlRole, IssuedCertificate> mint;
  private final String trustedPem;
  private final String serverName;
  private final Clock clock;
  private final Map<ControlRole, Held> held = new EnumMap<>(ControlRole.class);

  /**
   * @param serverName the name that each gateway's server certificate must carry
   */
  public ControlCredentials(ControlCa ca, String serverName, Clock clock) {
    this(ca::client, ca.certificatePem(), serverName, clock);
  }

  public ControlCredentials(
      Function<ControlRole, IssuedCertificate> mint,
      String trustedPem,
      String serverName,
      Clock clock) {
    this.mint = mint;
    this.trustedPem = trustedPem;
    this.serverName = serverName;
    this.clock = clock;
  }

  public String serverName() {
    return serverName;
  }

  /** Says whether both trust the same authority and expect the same name. */
  public boolean sameAs(ControlCredentials other) {
    return trustedPem.equals(other.trustedPem) && serverName.equals(other.serverName);
  }

  /** Issues what a connection needs, if missing or due. */
  public synchronized void prepare(ControlRole role) {
    var _ = current(role);
  }

  public synchronized SSLContext context(ControlRole role) {
    return current(role).context();
  }

  /** Returns when a connection opened now should be replaced by one with a newer certificate. */
  public synchronized Instant renewAt(ControlRole role) {
    return current(role).renewAt();
  }

  private Held current(ControlRole role) {
    var now = clock.instant();
    var last = held.get(role);
    if (last != null && now.isBefore(last.renewAt())) {
      return last;
    }
    var issued = mint.apply(role);
    var half = Duration.between(now, issued.notAfter()).dividedBy(2);
    var next = new Held(build(issued), now.plus(half));
    held.put(role, next);
    return next;
  }

  private SSLContext build(IssuedCertificate client) {
    try {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      int alias = 0;
      for (var authority : Pem.certificates(trustedPem)) {
        trusted.setCertificateEntry("ca" + alias++, authority);
      }
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trusted);
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(OneKey.of(client), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("issued credentials are not usable", e);
    }
  }

  @Override
  public String toString() {
    return "ControlCredentials[" + serverName + "]";
  }

  private record Held(SSLContext context, Instant renewAt) {}
}
