package io.mapwright.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SanitizedTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no route to postgres://map:hunter2@db/tiles | no route to postgres://***@db/tiles",
        "no route to postgres://map:a@b@db/tiles | no route to postgres://***@db/tiles",
        "key mpw_pk_0123abcdXYZ was refused | key mpw_pk_*** was refused",
        "Authorization: Bearer abcdefghijk | Authorization: Bearer ***",
        "password=hunter2 user=map | password=*** user=map",
        "DB_PASSWORD: \"two words\" next | DB_PASSWORD: *** next",
        "{\"secret\": \"hunter2\"} | {\"secret\": ***}",
        "AWS_SECRET_ACCESS_KEY=abc/def+g next | AWS_SECRET_ACCESS_KEY=*** next",
        "apiKey='a b' next | apiKey=*** next",
        "blob 0123456789abcdef0123456789abcdef | blob ***",
        "blob QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlq/+= | blob ***",
        "cannot open /data/tiles.mbtiles | cannot open /data/tiles.mbtiles",
        "token expired for tenant 7 | token expired for tenant 7",
      })
  void lastWordsHoldNoSecret(String said, String quoted) {
    assertThat(SanitizedText.lastLines(said, 300)).isEqualTo(quoted);
  }

  @Test
  void namesOfSecretsAndDigestsOfImagesAreWhatKubernetesMeans() {
    var words =
        "secret \"database\" not found; docker.io/maps@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    assertThat(SanitizedText.of(words, 300)).isEqualTo(words);
  }

  @Test
  void controlCharactersAndWhatTurnsTextAroundAreNotShown() {
    assertThat(SanitizedText.of("a\u001b[31mb\r\n\tc\u202ed\u2066e\u200bf\ud800g", 300))
        .isEqualTo("a [31mb c d e f?g");
    assertThat(SanitizedText.lastLines("a\u0000b\u2028c", 300)).isEqualTo("a b c");
  }

  @Test
  void lastLinesAreKeptAndNotMore() {
    assertThat(SanitizedText.lastLines("one\ntwo\n\nthree\nfour\n\n", 300))
        .isEqualTo("two | three | four");
    assertThat(SanitizedText.lastLines("x".repeat(20) + " y".repeat(400), 10)).hasSize(10);
    assertThat(SanitizedText.of("y ".repeat(100_000), 400).length()).isBetween(300, 400);
  }

  @Test
  void halfOfALineIsNotShownForWhatStoodBeforeIt() {
    var long1 = "postgres://map:" + "p-".repeat(1000) + "@db failed\nsecond";
    assertThat(SanitizedText.lastLines(long1, 300)).isEqualTo("second");
    assertThat(SanitizedText.lastLines("q".repeat(5000), 300)).isEmpty();
  }

  @Test
  void privateKeyIsNotShownAtAll() {
    assertThat(SanitizedText.lastLines("-----BEGIN PRIVATE KEY-----\nMIIB\nabc\ndef", 300))
        .isEmpty();
  }

  /** What an expression may take is bounded by what it may read. */
  @Test
  void wordsThatMakeExpressionsTryEveryWayTakeNoTime() {
    var worst = java.util.stream.Stream.of("secret", "://", "a-", "token-_", "bearer ", "=");
    assertThat(worst)
        .allSatisfy(part ->
            org.assertj.core.api.Assertions.assertThatCode(() ->
                    SanitizedText.lastLines(part.repeat(200_000) + "\n" + part.repeat(200), 300))
                .doesNotThrowAnyException());
  }
}
