package io.mapwright.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogSetupTest {
  private static LoggerContext loggers(Map<String, String> env) {
    var loggers = new LoggerContext();
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    var setup = new LogSetup(env);
    setup.setContext(loggers);
    setup.configure(loggers);
    return loggers;
  }

  private static String line(LoggerContext loggers) {
    var root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    var appender = (ConsoleAppender<ILoggingEvent>) root.getAppender("console");
    var event =
        new LoggingEvent(
            LogSetupTest.class.getName(),
            loggers.getLogger("io.mapwright.operator.Main"),
            Level.INFO,
            "the leader is {}",
            null,
            new Object[] {"a"});
    return new String(appender.getEncoder().encode(event), UTF_8);
  }

  /** e2e/bench/start and many a user's log search read these fields. */
  @Test
  void lineIsJsonWithTheFormattedMessage() throws Exception {
    var line = new ObjectMapper().readTree(line(loggers(Map.of())));
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "timestamp",
            "level",
            "threadName",
            "loggerName",
            "mdc",
            "formattedMessage",
            "throwable");
    assertThat(line.get("formattedMessage").asText()).isEqualTo("the leader is a");
    assertThat(line.get("loggerName").asText()).isEqualTo("io.mapwright.operator.Main");
  }

  @Test
  void lineForAConsoleIsText() {
    assertThat(line(loggers(Map.of("LOG_FORMAT", "console"))))
        .containsPattern("^[0-9:.]{12} INFO {2}Main / the leader is a\n$");
  }

  @ParameterizedTest
  @CsvSource({
    "'', io.mapwright.operator.Main, INFO",
    "DEBUG, io.mapwright.operator.Main, DEBUG",
    "nonsense, io.mapwright.operator.Main, INFO",
    "DEBUG, io.javaoperatorsdk.operator.Operator, WARN",
    "DEBUG, io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils, ERROR"
  })
  void levelIsThatOfTheOperatorsOwnLoggers(String set, String logger, String level) {
    var env = set.isEmpty() ? Map.<String, String>of() : Map.of("LOG_LEVEL", set);
    assertThat(loggers(env).getLogger(logger).getEffectiveLevel()).hasToString(level);
  }

  @Test
  void logbackFindsIt() {
    var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    assertThat(loggers.getLogger("io.mapwright").getLevel()).isEqualTo(Level.INFO);
    assertThat(loggers.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console")).isNotNull();
  }
}
