package io.mapwright.operator.report;

import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.model.Capability;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.time.Duration;

/** Reports whether the certificate exists, covers all hosts and does not expire soon. Pure. */
record TlsReport(InstanceFacts facts, Conditions conditions) {
  /** cert-manager renews when a third of the lifetime is left; any later, renewal is stuck. */
  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

  void report() {
    if (conditions.has(ConditionType.TlsReady)) {
      return;
    }
    var in = facts.in();
    var pair = facts.certificate();
    if (pair.isEmpty()) {
      if (in.issuesCertificate() && !in.capabilities().contains(Capability.CERTIFICATE)) {
        conditions.isFalse(
            ConditionType.TlsReady,
            Reason.CrdMissing,
            Capability.CERTIFICATE.absence() + "; install cert-manager or set tls.secretName");
      } else {
        conditions.isFalse(
            ConditionType.TlsReady,
            Reason.CertificatePending,
            in.issuesCertificate()
                ? "waiting for cert-manager to fill Secret "
                    + in.tlsSecret()
                    + "; see kubectl describe certificate "
                    + in.tlsSecret()
                : "Secret "
                    + in.tlsSecret()
                    + " does not exist; create it with type kubernetes.io/tls");
      }
      return;
    }
    var uncovered = in.allHosts().stream().filter(host -> !pair.get().covers(host)).toList();
    var end = pair.get().notAfter();
    if (!uncovered.isEmpty()) {
      conditions.isFalse(
          ConditionType.TlsReady,
          Reason.CertificateInvalid,
          "the certificate in Secret "
              + in.tlsSecret()
              + " is not for "
              + String.join(", ", uncovered)
              + ", which hosts and controlPlane.hosts ask for; "
              + (in.issuesCertificate()
                  ? "cert-manager should issue another: see kubectl describe certificate -n "
                      + in.namespace()
                      + " "
                      + in.tlsSecret()
                  : "put a certificate for all of these names into the Secret that tls.secretName names"));
    } else if (end.isPresent()
        && end.get().isBefore(facts.now().plus(CERTIFICATE_WARNING))
        && !in.issuesCertificate()) {
      conditions.isFalse(
          ConditionType.TlsReady,
          Reason.CertificateExpiring,
          "the certificate expires at " + end.get() + "; renew it");
    } else {
      conditions.isTrue(
          ConditionType.TlsReady, Reason.CertificateValid, "the certificate covers all hosts");
    }
  }
}
