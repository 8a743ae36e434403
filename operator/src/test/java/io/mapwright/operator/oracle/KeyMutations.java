package io.mapwright.operator.oracle;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Wrong keys, right keys in wrong places, and more than one. */
final class KeyMutations {
  static final List<Mutation> ALL =
      List.of(
          (draft, chance) -> everyKey(draft, key -> oneOff(key, chance)),
          (draft, chance) -> everyKey(draft, key -> oneOffWithSum(key, chance)),
          (draft, chance) -> everyKey(draft, key -> key.toUpperCase(Locale.ROOT)),
          (draft, chance) ->
              everyKey(draft, key -> key.substring(0, key.length() - 1 - chance.below(9))),
          (draft, chance) ->
              everyKey(
                  draft,
                  key -> key + chance.one("0", "%00", "%20", "%0A", ";", ";x=1", ",", "\"", "=")),
          (draft, chance) -> everyKey(draft, key -> chance.one("%20", "+", " ", "\"") + key),
          (draft, chance) -> everyKey(draft, key -> PathMutations.encodeOne(key, chance)),
          (draft, chance) -> everyKey(draft, _ -> chance.one(NamedKey.values()).text),
          (draft, chance) -> everyKey(draft, key -> chance.one("", "null", key.substring(7))),
          (draft, chance) ->
              everyKey(draft, key -> io.mapwright.operator.gateway.ApiKeyFormat.digest(key)),
          (draft, chance) -> Generator.sendKey(draft, chance, chance.one(NamedKey.values()).text),
          (draft, chance) -> Generator.sendKey(draft, chance, NamedKey.EVERYTHING.text),
          KeyMutations::again,
          KeyMutations::misnamed,
          (draft, chance) -> draft.query.add(chance.one("key", "key=", "=key", "KEY=", "key;a=1")),
          (draft, chance) -> draft.path += "/" + NamedKey.TILES.text,
          (draft, chance) -> draft.query.add("a=1;key=" + chance.one(NamedKey.TILES.text, "x", "")),
          (draft, chance) ->
              draft.add("Authorization", chance.one("Basic eA==", "Bearer", "Bearer ", "x")),
          (draft, chance) -> draft.add("X-Api-Key", chance.one("", "x", "a b")));

  private KeyMutations() {}

  private static void everyKey(Draft draft, UnaryOperator<String> change) {
    for (var named : NamedKey.values()) {
      var key = named.text;
      draft.query.replaceAll(part -> replaced(part, key, change));
      draft.fields.replaceAll(field ->
          new io.mapwright.operator.decision.Field(
              field.name(), replaced(field.value(), key, change)));
    }
  }

  private static String replaced(String text, String key, UnaryOperator<String> change) {
    return text.contains(key) ? text.replace(key, change.apply(key)) : text;
  }

  private static String oneOff(String key, Chance chance) {
    int at = chance.below(key.length());
    char other = "abAB019_-.~".charAt(chance.below(11));
    return key.substring(0, at) + other + key.substring(at + 1);
  }

  /** Another key whose checksum is right. */
  private static String oneOffWithSum(String key, Chance chance) {
    var body = oneOff(key, chance).substring(0, key.length() - 8);
    return body + NamedKey.checksum(body);
  }

  private static void again(Draft draft, Chance chance) {
    draft.query.stream()
        .filter(part -> part.startsWith("key="))
        .findFirst()
        .ifPresent(part -> draft.query.add(chance.below(draft.query.size() + 1), part));
  }

  private static void misnamed(Draft draft, Chance chance) {
    var name =
        chance.one(
            "apikey=", "KEY=", "%6bey=", "k%65y=", "ke%79=", "key%5B%5D=", "key%3D=", " key=");
    draft.query.replaceAll(part -> part.startsWith("key=") ? name + part.substring(4) : part);
  }
}
