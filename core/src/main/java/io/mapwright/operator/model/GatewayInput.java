package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.Exposure;
import io.mapwright.operator.api.v1alpha1.ExposureType;
import io.mapwright.operator.api.v1alpha1.Gateway;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.RateLimit;
import io.mapwright.operator.api.v1alpha1.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The gateway in front of the map server as the spec requests it, with defaults. */
public interface GatewayInput {
  MapwrightInstanceSpec spec();

  String name();

  OperatorSettings operator();

  default Optional<Gateway> gateway() {
    return Optional.ofNullable(spec().gateway());
  }

  default String gatewayImage() {
    return gateway().map(Gateway::image).orElse(operator().gatewayImage());
  }

  /** How long a gateway without contact keeps accepting keys; zero means forever. */
  default Duration tableMaxAge() {
    return gateway()
        .map(Gateway::tableMaxAge)
        .or(() -> Optional.of(Defaults.TABLE_MAX_AGE))
        .map(age -> age.equals("0") ? Duration.ZERO : Durations.parse(age))
        .orElseThrow();
  }

  default Optional<Access> access() {
    return Optional.ofNullable(spec().access());
  }

  default RateLimit defaultRateLimit() {
    return Admission.defaultLimit(access());
  }

  default Duration sessionRotation() {
    return Durations.parse(
        Optional.ofNullable(spec().sessions())
            .map(Sessions::rotateEvery)
            .orElse(Defaults.SESSION_ROTATION));
  }

  default Duration sessionMaxAge() {
    return Durations.parse(
        Optional.ofNullable(spec().sessions())
            .map(Sessions::maxAge)
            .orElse(Defaults.SESSION_MAX_AGE));
  }

  default ExposureType exposureType() {
    return Optional.ofNullable(spec().exposure())
        .map(Exposure::type)
        .orElse(ExposureType.ClusterIP);
  }

  default Optional<Exposure> exposure() {
    return Optional.ofNullable(spec().exposure());
  }

  /** Secret with the certificate that the gateway serves. */
  default String tlsSecret() {
    return Optional.ofNullable(spec().tls().secretName()).orElse(Names.tls(name()));
  }

  default boolean issuesCertificate() {
    return spec().tls().issuerRef() != null;
  }

  /** Public hosts and control-plane hosts, which the certificate must all cover. */
  default List<String> allHosts() {
    var control = spec().controlPlane();
    return control == null
        ? List.copyOf(spec().hosts())
        : Stream.concat(spec().hosts().stream(), control.hosts().stream()).toList();
  }
}
