package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.NamespacedName;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Days of last use that the status of a key does not say yet. A day is all that is kept: a key that
 * is in use costs one write a day, one that is not none.
 */
final class LastUses {
  private final Map<NamespacedName, LocalDate> days = new ConcurrentHashMap<>();

  /** Notes a use; says whether the key's status has to learn of it. */
  boolean note(ApiKey key, LocalDate day) {
    if (!day.isAfter(reported(key))) {
      return false;
    }
    days.merge(NamespacedName.of(key), day, (a, b) -> a.isAfter(b) ? a : b);
    return true;
  }

  /** The newest day, here or in the status. What the status says is let go of. */
  Optional<LocalDate> of(ApiKey key) {
    var reported = reported(key);
    var id = NamespacedName.of(key);
    days.computeIfPresent(id, (_, day) -> day.isAfter(reported) ? day : null);
    return Optional.of(days.getOrDefault(id, reported)).filter(day -> !day.equals(LocalDate.MIN));
  }

  void forget(NamespacedName key) {
    days.remove(key);
  }

  private static LocalDate reported(ApiKey key) {
    return Optional.ofNullable(key.getStatus())
        .map(ApiKeyStatus::lastUsed)
        .map(LocalDate::parse)
        .orElse(LocalDate.MIN);
  }
}
