package io.mapwright.operator.apikey;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.model.NamespacedName;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Days of last use that are not in the status of a key yet. Only the day is kept: a key in use
 * costs one write a day, an unused one none.
 */
final class LastUses {
  private final Map<NamespacedName, LocalDate> days = new ConcurrentHashMap<>();

  /** Records a use; returns whether the key's status has to be updated. */
  boolean record(ApiKey key, LocalDate day) {
    if (!day.isAfter(reported(key))) {
      return false;
    }
    days.merge(NamespacedName.of(key), day, (a, b) -> a.isAfter(b) ? a : b);
    return true;
  }

  /** The newest day, here or in the status. Drops a day that the status has. */
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
