package io.mapwright.operator.gateway;

import java.time.Duration;

/** The console's session cookie, signed by the gateway. */
public record SessionCookies(String cookieName, Duration maxAge) {
  public static final SessionCookies DEFAULTS =
      new SessionCookies("mapwright_session", Duration.ofDays(7));

  public SessionCookies {
    Lexical.cookie("session cookie name", cookieName);
    if (maxAge.toSeconds() < 60 || maxAge.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "sessions.maxAge must be one minute to seven days, and is " + maxAge);
    }
  }
}
