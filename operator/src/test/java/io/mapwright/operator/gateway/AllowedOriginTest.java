package io.mapwright.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginTest {

  @ParameterizedTest
  @CsvSource({
    "https://www.example.com, https://www.example.com",
    "HTTPS://WWW.Example.COM, https://www.example.com",
    "https://www.example.com:443, https://www.example.com",
    "https://www.example.com:8443, https://www.example.com:8443",
    "https://*.example.com, https://*.example.com",
    "https://*.apps.example.com:8443, https://*.apps.example.com:8443",
    "http://localhost, http://localhost",
    "http://localhost:80, http://localhost",
    "http://localhost:3000, http://localhost:3000",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://[::1]:8080, http://[::1]:8080",
    "https://xn--bcher-kva.example, https://xn--bcher-kva.example",
  })
  void acceptsAndWritesAsBrowsersDo(String text, String canonical) {
    assertThat(AllowedOrigin.parse(text).text()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | sandboxed",
        "* | name no origin policy",
        "https://www.example.com/ | without path",
        "https://www.example.com/map | without path",
        "https://user@www.example.com | without path",
        "https://www.example.com?x | without path",
        "https://www.example.com#x | without path",
        "www.example.com | scheme://host",
        "ftp://www.example.com | scheme://host",
        "http://www.example.com | http is for localhost only",
        "https://*.com | two labels",
        "https://* | whole first label",
        "https://*.*.example.com | whole first label",
        "https://a.*.example.com | whole first label",
        "https://w*.example.com | whole first label",
        "https://b\u00fccher.example | xn--bcher-kva.example",
        "https://www.example.com:0 | 1 to 65535",
        "https://www.example.com:99999 | 1 to 65535",
        "https://-x.example.com | not a DNS name",
        "https://a..example.com | not a DNS name",
        "https://www.example.com. | not a DNS name",
      })
  void refusesWithAReason(String text, String reason) {
    assertThatThrownBy(() -> AllowedOrigin.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example\nweb|https://evil.example 1",
        "https://a.example b",
        "https://a|b.example",
        "https://a.example\"",
        "https://a.example\u0000",
        "https://a.example;x",
        "",
        " https://a.example"
      })
  void refusesWhatCouldBecomeAnotherMapLine(String text) {
    assertThatThrownBy(() -> AllowedOrigin.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
