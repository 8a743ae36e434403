package io.mapwright.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.SecureRandom;
import java.time.Clock;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class OneKeyTest {
  private static final String[] EC_TOO = {"RSA", "EC"};
  private static final String[] NO_EC = {"RSA", "EdDSA"};

  private final IssuedCertificate issued =
      ControlCa.create("maps", Clock.systemUTC(), new SecureRandom()).client(ControlRole.TABLE);
  private final X509ExtendedKeyManager manager = manager();

  private X509ExtendedKeyManager manager() {
    try {
      return (X509ExtendedKeyManager) OneKey.of(issued)[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keyAndCertificateArePresentedForTheirKindAlone() throws Exception {
    var alias = manager.chooseClientAlias(EC_TOO, null, null);
    assertThat(alias).isNotNull().isEqualTo(manager.chooseEngineServerAlias("EC", null, null));
    assertThat(manager.getCertificateChain(alias))
        .containsExactlyElementsOf(Pem.certificates(issued.certificatePem()));
    assertThat(manager.getPrivateKey(alias)).isEqualTo(Pem.privateKey(issued.privateKeyPem()));
    assertThat(manager.chooseClientAlias(NO_EC, null, null)).isNull();
    assertThat(manager.chooseServerAlias("RSA", null, null)).isNull();
  }

  /** A gateway then says that it wants a certificate, which is the error that is reported. */
  @Test
  void nothingIsPresentedToWhoTrustsOthers() throws Exception {
    var own = Pem.certificates(issued.certificatePem()).getFirst().getIssuerX500Principal();
    var other = new X500Principal("CN=other");
    assertThat(manager.chooseClientAlias(EC_TOO, new Principal[] {other}, null)).isNull();
    assertThat(manager.chooseClientAlias(EC_TOO, new Principal[] {other, own}, null)).isNotNull();
    assertThat(manager.chooseClientAlias(EC_TOO, new Principal[] {}, null)).isNotNull();
  }

  @Test
  void otherAliasesHaveNothing() {
    assertThat(manager.getPrivateKey("other")).isNull();
    assertThat(manager.getCertificateChain("other")).isNull();
  }

  @Test
  void textHasNoKey() {
    assertThat(manager.toString()).isEqualTo("OneKey[" + subject() + "]");
  }

  private String subject() {
    try {
      return Pem.certificates(issued.certificatePem())
          .getFirst()
          .getSubjectX500Principal()
          .toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
