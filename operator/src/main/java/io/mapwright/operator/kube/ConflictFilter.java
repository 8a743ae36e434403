package io.mapwright.operator.kube;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.net.HttpURLConnection;
import org.slf4j.LoggerFactory;

/**
 * Logs a write conflict in one line: the framework logs it with a stack trace, although it is
 * normal for optimistic locking, and the pass is retried.
 */
public final class ConflictFilter extends Filter<ILoggingEvent> {
  private static final String FRAMEWORK = "io.javaoperatorsdk.";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLoggerName().startsWith(FRAMEWORK)
        && event.getThrowableProxy() instanceof ThrowableProxy proxy
        && ApiErrors.refusals(proxy.getThrowable(), HttpURLConnection.HTTP_CONFLICT)
            .findFirst()
            .isPresent()) {
      // Not a field: this class is created while logging is being initialized.
      LoggerFactory.getLogger(ConflictFilter.class)
          .info("an object was changed concurrently during the pass, which is retried");
      return FilterReply.DENY;
    }
    return FilterReply.NEUTRAL;
  }
}
