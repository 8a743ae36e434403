package io.mapwright.operator.kube;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts keys by state as they change, so that a scrape does not iterate over all of them. */
public final class KeyStates {
  private final Map<KeyState, AtomicLong> counts = new EnumMap<>(KeyState.class);

  public KeyStates() {
    for (var state : KeyState.values()) {
      counts.put(state, new AtomicLong());
    }
  }

  public long count(KeyState state) {
    return of(state).get();
  }

  /** Handles every change of a key. */
  public void changed(@Nullable ApiKey before, @Nullable ApiKey now) {
    if (before != null) {
      of(state(before)).decrementAndGet();
    }
    if (now != null) {
      of(state(now)).incrementAndGet();
    }
  }

  private AtomicLong of(KeyState state) {
    return counts.getOrDefault(state, new AtomicLong());
  }

  private static KeyState state(ApiKey key) {
    return Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::state).orElse(KeyState.Pending);
  }
}
