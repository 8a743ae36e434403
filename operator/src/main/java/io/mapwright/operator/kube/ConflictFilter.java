package io.mapwright.operator.kube;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.net.HttpURLConnection;
import org.slf4j.LoggerFactory;

/**
 * Says in one line that somebody else wrote an object meanwhile: the framework warns of it with all
 * of its stack, though it is how optimistic locking works, and the pass is made again.
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
      // Not a field: this class is made while logging itself still is.
      LoggerFactory.getLogger(ConflictFilter.class)
          .info("an object was written by somebody else during the pass, which is made again");
      return FilterReply.DENY;
    }
    return FilterReply.NEUTRAL;
  }
}
