package io.mapwright.operator.metrics;

import io.mapwright.operator.metrics.HttpPort.Answer;
import io.mapwright.operator.metrics.Review.Verdict;
import io.mapwright.operator.model.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authorizes scrapes: the API server must know the bearer token, and permit it to get {@code
 * /metrics}. Its answers are cached briefly, by the token's digest; concurrent reviews are limited.
 */
final class Scrapers {
  private static final Logger log = LoggerFactory.getLogger(Scrapers.class);

  private static final String BEARER = "bearer ";
  private static final int MAX_CONCURRENT = 4;
  private static final int MAX_CACHED = 64;

  /** How long a request waits for a permit to ask the API server. */
  static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private static final Duration ALLOWED_TTL = Duration.ofMinutes(1);

  /** For a recently allowed token, while all permits are taken by others. */
  private static final Duration ALLOWED_TTL_WHILE_BUSY = Duration.ofMinutes(5);

  private static final Duration DENIED_TTL = Duration.ofSeconds(10);

  private record Known(Verdict verdict, long at) {}

  private final Review review;
  private final LongSupplier nanoTime;
  private final Duration maxWait;
  private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MAX_CACHED;
        }
      };

  Scrapers(Review review, LongSupplier nanoTime, Duration maxWait) {
    this.review = review;
    this.nanoTime = nanoTime;
    this.maxWait = maxWait;
  }

  /** Returns the refusal for an Authorization header; empty if it is allowed. */
  Optional<Answer> refusal(Optional<String> authorization) {
    var token =
        authorization
            .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(text -> text.substring(BEARER.length()).strip())
            .filter(text -> !text.isEmpty());
    if (token.isEmpty()) {
      return Optional.of(unauthorized("a bearer token is required\n"));
    }
    var verdict = verdict(token.get());
    if (verdict.isEmpty()) {
      return Optional.of(Answer.text(503, "the API server could not be asked, try again\n"));
    }
    return switch (verdict.get()) {
      case ALLOWED -> Optional.empty();
      case UNKNOWN_TOKEN -> Optional.of(unauthorized("the API server does not know this token\n"));
      case FORBIDDEN ->
          Optional.of(
              Answer.text(
                  403,
                  "the account may not get the nonResourceURL /metrics; bind it to the role of the chart\n"));
    };
  }

  private static Answer unauthorized(String why) {
    return new Answer(
        401,
        "text/plain; charset=utf-8",
        why.getBytes(StandardCharsets.UTF_8),
        Map.of("WWW-Authenticate", "Bearer"));
  }

  private Optional<Verdict> verdict(String token) {
    var digest = Names.sha256(token);
    var before = known(digest);
    if (before
        .filter(k -> within(k, k.verdict() == Verdict.ALLOWED ? ALLOWED_TTL : DENIED_TTL))
        .isPresent()) {
      return before.map(Known::verdict);
    }
    return reviewed(token, digest)
        .or(() ->
            before
                .filter(k -> k.verdict() == Verdict.ALLOWED && within(k, ALLOWED_TTL_WHILE_BUSY))
                .map(Known::verdict));
  }

  private Optional<Verdict> reviewed(String token, String digest) {
    if (!acquire()) {
      return Optional.empty();
    }
    try {
      var verdict = review.of(token);
      synchronized (known) {
        // Made-up tokens must not evict allowed ones.
        if (verdict == Verdict.ALLOWED || known.size() < MAX_CACHED / 2) {
          known.remove(digest);
          known.put(digest, new Known(verdict, nanoTime.getAsLong()));
        } else {
          forgetOldRefusal();
        }
      }
      return Optional.of(verdict);
    } catch (RuntimeException e) {
      log.warn("the API server could not review a token: {}", e.getMessage());
      return Optional.empty();
    } finally {
      permits.release();
    }
  }

  private void forgetOldRefusal() {
    known.values().removeIf(k -> k.verdict() != Verdict.ALLOWED && !within(k, DENIED_TTL));
  }

  private boolean acquire() {
    try {
      return permits.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<Known> known(String digest) {
    synchronized (known) {
      return Optional.ofNullable(known.get(digest));
    }
  }

  /** Number of cached tokens. */
  int size() {
    synchronized (known) {
      return known.size();
    }
  }

  private boolean within(Known k, Duration time) {
    return nanoTime.getAsLong() - k.at() < time.toNanos();
  }
}
