package io.mapwright.operator.tls;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.CertificateBuilder;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.IssuerKind;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The certificate that cert-manager issues. */
public final class Certificates {
  private Certificates() {}

  public static Certificate certificate(InstanceInput in) {
    var issuer = Objects.requireNonNull(in.spec().tls().issuerRef());
    return new CertificateBuilder()
        .withMetadata(Owned.by(in, Names.tls(in.name())).build())
        .withNewSpec()
        .withSecretName(in.tlsSecret())
        .withDnsNames(in.allHosts())
        .withUsages("digital signature", "server auth")
        .withNewPrivateKey()
        .withAlgorithm("ECDSA")
        .withSize(256)
        .withRotationPolicy("Always")
        .endPrivateKey()
        .withNewIssuerRef(
            Optional.ofNullable(issuer.group()).orElse(Defaults.ISSUER_GROUP),
            Optional.ofNullable(issuer.kind()).orElse(IssuerKind.Issuer).name(),
            issuer.name())
        // The Secret outlives the instance: the labels tell whose key it contains.
        .withNewSecretTemplate()
        .withAnnotations(Map.of(Labels.OWNER, in.name()))
        .endSecretTemplate()
        .endSpec()
        .build();
  }
}
