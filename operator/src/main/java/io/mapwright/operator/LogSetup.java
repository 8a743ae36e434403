package io.mapwright.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.mapwright.operator.kube.ConflictFilter;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Sets up logging: {@code LOG_FORMAT} is json or console, {@code LOG_LEVEL} is that of the
 * operator's own log lines. In code, because logback's XML configuration takes three hundred
 * classes and their time at each start. Found by logback as a service.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level %logger{0} %X{resource.namespace:-}/%X{resource.name:-} %msg%n";

  private final Map<String, String> env;

  /** For logback, which looks for a constructor without parameters. */
  public LogSetup() {
    this(System.getenv());
  }

  LogSetup(Map<String, String> env) {
    this.env = env;
  }

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    level(loggers, Logger.ROOT_LOGGER_NAME, Level.WARN);
    level(
        loggers, "io.mapwright", Level.toLevel(env.getOrDefault("LOG_LEVEL", "INFO"), Level.INFO));
    // v1alpha1 is what this operator is about; saying so at each start helps nobody.
    level(loggers, "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", Level.ERROR);
    loggers.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender(loggers));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void level(LoggerContext loggers, String name, Level level) {
    loggers.getLogger(name).setLevel(level);
  }

  private ConsoleAppender<ILoggingEvent> appender(LoggerContext loggers) {
    var filter = new ConflictFilter();
    filter.setContext(loggers);
    filter.start();
    var encoder = env.getOrDefault("LOG_FORMAT", "json").equals("console") ? console() : json();
    encoder.setContext(loggers);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(loggers);
    appender.setName("console");
    appender.addFilter(filter);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> console() {
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    var encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    return encoder;
  }
}
