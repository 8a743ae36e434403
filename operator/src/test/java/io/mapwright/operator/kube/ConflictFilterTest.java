package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictFilterTest {
  private static final LoggerContext LOGGERS = new LoggerContext();

  @ParameterizedTest
  @CsvSource({
    "io.javaoperatorsdk.operator.processing.event.EventProcessor, 409, DENY",
    "io.javaoperatorsdk.operator.processing.event.EventProcessor, 500, NEUTRAL",
    "io.javaoperatorsdk.operator.processing.event.EventProcessor, 403, NEUTRAL",
    "io.mapwright.operator.kube.Applier, 409, NEUTRAL"
  })
  void onlyConflictsThatTheFrameworkTellsOfAreInBrief(String logger, int code, FilterReply reply) {
    var failure =
        new IllegalStateException(
            new KubernetesClientException("the object was modified", code, null));
    var event =
        new LoggingEvent(
            getClass().getName(), LOGGERS.getLogger(logger), Level.WARN, "failed", failure, null);
    assertThat(new ConflictFilter().decide(event)).isEqualTo(reply);
  }
}
