package io.mapwright.operator.workload;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.mapwright.operator.api.v1alpha1.Access;
import io.mapwright.operator.api.v1alpha1.Audit;
import io.mapwright.operator.api.v1alpha1.ClientAddressLog;
import io.mapwright.operator.api.v1alpha1.Gateway;
import io.mapwright.operator.api.v1alpha1.TlsVersion;
import io.mapwright.operator.gateway.Cidr;
import io.mapwright.operator.gateway.ClientIpSource;
import io.mapwright.operator.gateway.CommandFilter;
import io.mapwright.operator.gateway.ConsoleAccess;
import io.mapwright.operator.gateway.GatewayMap;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.gateway.GatewaySettings;
import io.mapwright.operator.gateway.HaproxyConfig;
import io.mapwright.operator.gateway.Lending;
import io.mapwright.operator.gateway.Limits;
import io.mapwright.operator.gateway.RouteMap;
import io.mapwright.operator.gateway.ScopedPath;
import io.mapwright.operator.gateway.SecurityTxt;
import io.mapwright.operator.gateway.SessionCookies;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The gateway's configuration files: what does not change while it runs. Keys and origins are
 * pushed instead.
 *
 * @param files by name
 * @param hash changes when, and only when, running gateways must be replaced
 */
public record GatewayConfig(Map<String, String> files, String hash) {
  /** These are the same for all instances, so they are made once. */
  private static final String COMMAND_FILTER = CommandFilter.script(GatewayPaths.DEFAULTS);

  private static final String LENDING = Lending.script(GatewayPaths.DEFAULTS);

  /**
   * Renders the files.
   *
   * @throws IllegalArgumentException if {@link #flaw} returns a reason
   */
  public static GatewayConfig of(InstanceInput in) {
    var files = files(in);
    // Gateways read the CA of the push channel only at startup: with another one they would be
    // unreachable, and would keep their present keys.
    var authority = in.generatedSecrets().control().getOrDefault("ca.crt", "");
    return new GatewayConfig(files, Names.sha256(files + authority).substring(0, 16));
  }

  public ConfigMap configMap(InstanceInput in) {
    return new ConfigMapBuilder()
        .withMetadata(Owned.by(in, Names.gatewayConfig(in.name())).build())
        .withData(files)
        .build();
  }

  private static Map<String, String> files(InstanceInput in) {
    var settings = settings(in);
    var files = new TreeMap<String, String>();
    files.put("haproxy.cfg", HaproxyConfig.render(settings, GatewayPaths.DEFAULTS));
    files.put(CommandFilter.FILE_NAME, COMMAND_FILTER);
    files.put(Lending.FILE_NAME, LENDING);
    files.put(RouteMap.FILE_NAME, RouteMap.render(settings.allRoutes()));
    clientCa(in).ifPresent(pem -> files.put(GatewayPaths.CLIENT_CA, pem));
    for (var map : GatewayMap.values()) {
      files.put(map.fileName(), "");
    }
    return files;
  }

  /** Returns why the gateway cannot be configured, as a message for the user. */
  public static Optional<String> flaw(InstanceInput in) {
    try {
      settings(in);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static GatewaySettings settings(InstanceInput in) {
    var builder =
        GatewaySettings.builder(in.serverPort())
            .publicHosts(in.spec().hosts().toArray(String[]::new))
            .controlPlane(controlPlane(in))
            .serverHealthPath(in.healthPath())
            .probePaths(in.probePaths())
            .anonymousScopes(Set.copyOf(in.access().map(Access::anonymousScopes).orElse(List.of())))
            .routes(routes(in))
            .sessions(new SessionCookies(SessionCookies.DEFAULTS.cookieName(), in.sessionMaxAge()))
            .keyPassthrough(in.gateway().map(Gateway::keyPassthrough).orElse(false))
            .clientAddress(clientAddress(in))
            .limits(limits(in))
            .auditAddress(auditAddress(in))
            .tls13Only(in.spec().tls().minVersion() == TlsVersion.V1_3);
    Optional.ofNullable(in.spec().disclosure())
        .map(d ->
            new SecurityTxt(
                parse("disclosure.contact", d.contact(), URI::create),
                Optional.ofNullable(d.policyUrl())
                    .map(url -> parse("disclosure.policyUrl", url, URI::create))))
        .ifPresent(builder::disclosure);
    clientCa(in).ifPresent(GatewayConfig::checkCertificates);
    return builder.build();
  }

  /** Parses a field; the exception for an invalid value names the field. */
  private static <T> T parse(String field, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  private static ConsoleAccess controlPlane(InstanceInput in) {
    var spec = in.spec().controlPlane();
    if (spec == null) {
      return ConsoleAccess.CLOSED;
    }
    return new ConsoleAccess(
        spec.hosts(),
        in.consoleCidrs().stream()
            .map(cidr -> parse("controlPlane.allowedCidrs", cidr, Cidr::new))
            .toList(),
        Optional.ofNullable(spec.pathPrefixes()).orElse(ConsoleAccess.DEFAULT_PREFIXES),
        clientCa(in).isPresent());
  }

  private static Optional<String> clientCa(InstanceInput in) {
    return Optional.ofNullable(in.spec().controlPlane()).map(c -> c.clientCa());
  }

  /** Rejects what HAProxy could not read: it would not start. */
  private static void checkCertificates(String pem) {
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
      if (certificates.isEmpty()) {
        throw new CertificateException("it holds none");
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "controlPlane.clientCa is not a list of PEM certificates", e);
    }
  }

  private static List<ScopedPath> routes(InstanceInput in) {
    return in.access()
        .map(Access::routes)
        .map(routes -> routes.stream().map(r -> new ScopedPath(r.pathPrefix(), r.scope())).toList())
        .orElse(ScopedPath.DEFAULTS);
  }

  private static ClientIpSource clientAddress(InstanceInput in) {
    return in.gateway()
        .map(Gateway::clientAddress)
        .map(address -> {
          var from =
              Optional.ofNullable(address.trustedCidrs()).orElse(List.of()).stream()
                  .map(cidr -> parse("gateway.clientAddress.trustedCidrs", cidr, Cidr::new))
                  .toList();
          return switch (address.source()) {
            case Direct -> new ClientIpSource.Direct();
            case ProxyProtocol -> new ClientIpSource.ProxyProtocol(from);
            case Forwarded -> new ClientIpSource.ForwardedHeader(from);
          };
        })
        .orElseGet(ClientIpSource.Direct::new);
  }

  private static Limits limits(InstanceInput in) {
    var defaults = Limits.DEFAULTS;
    return new Limits(
        in.gateway().map(Gateway::maxBodyBytes).orElse(defaults.maxBodyBytes()),
        defaults.maxUriBytes(),
        defaults.maxHeaders(),
        defaults.maxConnections(),
        in.gateway()
            .map(Gateway::maxConnectionsPerAddress)
            .orElse(defaults.maxConnectionsPerAddress()),
        defaults.anonymous(),
        defaults.badKeysPerTenSeconds(),
        defaults.loginsPerMinute(),
        defaults.scopeCosts(),
        in.gateway().map(Gateway::dryRunLimits).orElse(defaults.dryRun()),
        defaults.threads());
  }

  private static ClientAddressLog auditAddress(InstanceInput in) {
    return Optional.ofNullable(in.spec().audit())
        .map(Audit::clientAddress)
        .orElse(ClientAddressLog.Truncated);
  }
}
