package io.mapwright.operator.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\tb",
        "a\nb",
        "a\rb",
        "a\0b",
        "a;b",
        "a\\b",
        "a\"b",
        "a'b",
        "<<",
        "a<",
        "a<<",
        "#0x55d0c0ffee",
        "#",
        "@1",
        "<<end",
        "\u007f",
        "é",
        "a\u2028b"
      })
  void whatTheCommandLineWouldReadOtherwiseIsRefused(String text) {
    assertThat(MapText.isKey(text)).isFalse();
    assertThat(MapText.isValue(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
        "policy|https://*.example.com:8443",
        "k1|,tiles,styles,|1795467104|50|100|0|default|allow",
        "/etc/mapwright/gateway/maps/keys.map",
        "c2Vzc2lvbg+/=="
      })
  void whatTablesHoldIsAccepted(String text) {
    assertThat(MapText.isKey(text)).isTrue();
    assertThat(MapText.isValue(text)).isTrue();
  }
}
