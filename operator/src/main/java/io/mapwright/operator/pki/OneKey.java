package io.mapwright.operator.pki;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents one certificate. A KeyStore would do too, but Java's encrypts each key with a password
 * that it first hashes ten thousand times, and again to give it back.
 */
final class OneKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "one";

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private OneKey(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain;
  }

  /** Presents an issued certificate, in the form that an SSLContext takes. */
  static KeyManager[] of(IssuedCertificate issued) throws GeneralSecurityException {
    return new KeyManager[] {
      new OneKey(
          Pem.privateKey(issued.privateKeyPem()),
          List.copyOf(Pem.certificates(issued.certificatePem())))
    };
  }

  private @Nullable String alias(List<String> keyTypes, Principal @Nullable [] issuers) {
    return keyTypes.contains(key.getAlgorithm()) && isTrusted(issuers) ? ALIAS : null;
  }

  /** A peer that says whom it trusts is not sent a certificate of another authority. */
  private boolean isTrusted(Principal @Nullable [] issuers) {
    return issuers == null
        || issuers.length == 0
        || chain.stream()
            .anyMatch(each -> List.of(issuers).contains(each.getIssuerX500Principal()));
  }

  private static String @Nullable [] aliases(@Nullable String alias) {
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(List.of(keyTypes), issuers);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(List.of(keyTypes), issuers);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(List.of(keyType), issuers);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(List.of(keyType), issuers);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(alias(List.of(keyType), issuers));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(alias(List.of(keyType), issuers));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return ALIAS.equals(alias) ? chain.toArray(X509Certificate[]::new) : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return ALIAS.equals(alias) ? key : null;
  }

  @Override
  public String toString() {
    return "OneKey[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
