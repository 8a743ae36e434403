package io.mapwright.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.model.Given;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.workload.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleReportTest {
  private static final String CA =
      ", clientCa: \"-----BEGIN CERTIFICATE-----MIIBszCCAVmgAwIBAgIUYrandomtextofacertificate\"";

  private static Conditions report(String more) {
    var conditions = new Conditions(null, 1, Given.NOW);
    new ConsoleReport(Given.input(Given.SMALLEST + more), conditions).report();
    return conditions;
  }

  private static String console(String more) {
    return "controlPlane: {hosts: [console.example.com]" + more + "}\n";
  }

  @Test
  void withoutAConsoleNothingIsSaid() {
    assertThat(Conditions.find(report("").list(), ConditionType.ConsoleGuarded)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''|False|ConsoleUnguarded|set controlPlane.allowedCidrs or controlPlane.clientCa",
        "', allowedCidrs: [10.0.0.0/8]'|''|True|AccessRestricted|listed addresses",
        "', allowedCidrs: [0.0.0.0/0]'|''|True|AnyAddressAllowed|any address may use the console",
        "CA|''|True|AccessRestricted|a client certificate",
        "', allowedCidrs: [10.0.0.0/8]'|'exposure: {type: Ingress}'|False|ConsoleBehindProxy|set gateway.clientAddress",
        "CA|'exposure: {type: Ingress}'|True|AccessRestricted|a client certificate",
      })
  void saysWhatStandsBeforeTheConsole(
      String control, String more, String status, String reason, String message) {
    var list = report(console(control.equals("CA") ? CA : control) + more + "\n").list();
    assertThat(Conditions.find(list, ConditionType.ConsoleGuarded))
        .hasValueSatisfying(condition -> {
          assertThat(condition.getStatus()).isEqualTo(status);
          assertThat(condition.getReason()).isEqualTo(reason);
          assertThat(condition.getMessage()).contains(message);
        });
  }

  @Test
  void behindAProxyThatIsNamedTheAddressIsTheClients() {
    var spec =
        console(", allowedCidrs: [10.0.0.0/8]")
            + "exposure: {type: Ingress}\n"
            + "gateway: {clientAddress: {source: Forwarded, trustedCidrs: [10.1.0.0/16]}}\n";
    assertThat(report(spec).holds(ConditionType.ConsoleGuarded)).isTrue();
  }

  /** One that was stored before admission refused it. */
  @Test
  void aHostAloneOpensNothing() {
    assertThat(rules(Given.input(Given.SMALLEST + console(""))))
        .contains("set-var(txn.rule) str(control-plane) if console\n")
        .doesNotContain("console_client");
    assertThat(rules(Given.input(Given.SMALLEST + console(", allowedCidrs: [0.0.0.0/0]"))))
        .contains("acl console_client src 0.0.0.0/0");
  }

  private static String rules(InstanceInput in) {
    return GatewayConfig.of(in).files().getOrDefault("haproxy.cfg", "");
  }
}
