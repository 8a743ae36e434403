package io.mapwright.operator.oracle;

import java.util.List;
import java.util.SplittableRandom;

/** Dice that fall the same way for the same seed and number. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed, long number) {
    random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean percent(int chance) {
    return below(100) < chance;
  }

  @SafeVarargs
  final <T> T one(T... of) {
    return of[below(of.length)];
  }

  <T> T one(List<T> of) {
    return of.get(below(of.size()));
  }
}
