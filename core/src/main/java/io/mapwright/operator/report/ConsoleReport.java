package io.mapwright.operator.report;

import io.mapwright.operator.api.v1alpha1.ClientAddressSource;
import io.mapwright.operator.api.v1alpha1.ControlPlane;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.api.v1alpha1.Gateway;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Reason;
import java.util.EnumSet;
import java.util.Optional;

/** Reports what protects the console besides its host name. Pure. */
public record ConsoleReport(InstanceInput in, Conditions conditions) {

  public void report() {
    Optional.ofNullable(in.spec().controlPlane()).ifPresent(this::report);
  }

  private void report(ControlPlane control) {
    var cidrs = Optional.ofNullable(control.allowedCidrs());
    var certificate = control.clientCa() != null;
    if (cidrs.isEmpty() && !certificate) {
      isFalse(
          Reason.ConsoleUnguarded,
          "controlPlane.hosts alone does not protect the console, since anyone can send that Host header, so the console is closed: set controlPlane.allowedCidrs or controlPlane.clientCa");
    } else if (cidrs.isPresent() && !certificate && seesProxyAddress()) {
      isFalse(
          Reason.ConsoleBehindProxy,
          "behind "
              + in.exposureType()
              + " the gateway sees the proxy's address, which controlPlane.allowedCidrs is compared with: set gateway.clientAddress, or controlPlane.clientCa");
    } else {
      conditions.isTrue(
          ConditionType.ConsoleGuarded,
          open() && !certificate ? Reason.AnyAddressAllowed : Reason.AccessRestricted,
          guard(cidrs.isPresent(), certificate));
    }
  }

  /** Whether the gateway uses the address of a connection that a proxy opened. */
  private boolean seesProxyAddress() {
    var direct =
        in.gateway()
            .map(Gateway::clientAddress)
            .map(address -> address.source() == ClientAddressSource.Direct)
            .orElse(true);
    return direct
        && EnumSet.of(ExposureType.Ingress, ExposureType.HTTPRoute).contains(in.exposureType());
  }

  private boolean open() {
    return in.consoleCidrs().stream().anyMatch(cidr -> cidr.endsWith("/0"));
  }

  private String guard(boolean cidrs, boolean certificate) {
    if (certificate) {
      return open() || !cidrs
          ? "the console requires a client certificate, from any address"
          : "the console requires a client certificate and a listed address";
    }
    return open()
        ? "any address may use the console, as controlPlane.allowedCidrs says: only the map server's own sign-in protects it"
        : "the console answers listed addresses only";
  }

  private void isFalse(Reason reason, String message) {
    conditions.isFalse(ConditionType.ConsoleGuarded, reason, message);
  }
}
