package io.mapwright.operator.oracle;

import java.util.ArrayList;
import java.util.List;

/** Requests that are nearly right: a good one, and then a few things wrong with it. */
final class Generator {
  private static final List<String> PATHS =
      List.of(
          "/v1/tiles/world/1/2/3.mvt",
          "/tiles/a/1/2/3.png",
          "/v4/a/tilequery/1,2.json",
          "/v1/geocode/Gen%C3%A8ve",
          "/geocoding/a%2Fb.json",
          "/v1/elevation/1,2",
          "/wms",
          "/wmts/a/1",
          "/collections",
          "/data/v3.json",
          "/data.json",
          "/v1/styles/a.json",
          "/styles/a/style.json",
          "/styles/edit/x",
          "/maps/a/style.json",
          "/v1/static/a/1,2,3/400x300.png",
          "/fonts/Noto%20Sans,Arial/0-255.pbf",
          "/fonts.json",
          "/v1/route/driving/1.5,2;-3,4",
          "/directions/v5/mapbox/driving/1,2;3,4",
          "/a",
          "/a/b/c",
          "/a.b/c",
          "/",
          "/nowhere",
          "/v1",
          "/healthz",
          "/.well-known/security.txt",
          "/admin/",
          "/admin/users",
          "/admin");

  private final long seed;

  Generator(long seed) {
    this.seed = seed;
  }

  Case make(World world, long number) {
    var chance = new Chance(seed + world.name().hashCode(), number);
    var draft = good(chance, world);
    int wrong = chance.one(0, 0, 1, 1, 1, 1, 2, 2, 3, 5);
    for (int i = 0; i < wrong; i++) {
      chance.one(ALL).apply(draft, chance);
    }
    return draft.finish(
        "%s %d %d".formatted(world.name().toLowerCase(java.util.Locale.ROOT), seed, number), world);
  }

  private static final List<Mutation> ALL = all();

  private static List<Mutation> all() {
    var all = new ArrayList<Mutation>();
    all.addAll(KeyMutations.ALL);
    all.addAll(PathMutations.ALL);
    all.addAll(PathMutations.ALL);
    all.addAll(HeaderMutations.ALL);
    all.addAll(HeaderMutations.ALL);
    all.addAll(MessageMutations.ALL);
    return List.copyOf(all);
  }

  private static Draft good(Chance chance, World world) {
    var draft = new Draft();
    draft.path = chance.one(PATHS);
    draft.method = chance.one("GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "POST");
    draft.http2 = chance.percent(25);
    if (chance.percent(30)) {
      draft.query.add(chance.one("a=1", "b=2&c=3", "q=%C3%A4", "", "x", "monkey=1", "key2=2"));
    }
    if (draft.path.startsWith("/admin") || chance.percent(3)) {
      toConsole(draft, chance, world);
    }
    if (chance.percent(90)) {
      sendKey(draft, chance, key(draft, chance));
    }
    if (chance.percent(40)) {
      draft.add("Origin", chance.one(HeaderMutations.GOOD_ORIGINS));
    } else if (chance.percent(20)) {
      draft.add(
          "Referer", chance.one(HeaderMutations.GOOD_ORIGINS) + chance.one("", "/", "/a?b#c"));
    }
    if (chance.percent(30)) {
      draft.add("Accept", "image/png,*/*;q=0.8");
      draft.add("User-Agent", "Mozilla/5.0");
    }
    if (draft.method.equals("POST")) {
      draft.body = "{}";
    }
    return draft;
  }

  private static void toConsole(Draft draft, Chance chance, World world) {
    draft.host = chance.one(Places.CONSOLE, Places.CONSOLE, "console.example.com", Places.HOST);
    switch (world) {
      case OFFICE -> {
        draft.from = chance.one("127.0.0.5", "127.0.0.5", "127.0.0.1");
        draft.certificate = chance.percent(80);
      }
      case PROXIED -> {
        draft.from = chance.one("127.0.0.2", "127.0.0.2", "127.0.0.1");
        draft.add(
            "X-Forwarded-For",
            chance.one("192.0.2.7", "192.0.2.7", "198.51.100.1, 192.0.2.9", "2001:db8::1"));
      }
      default -> draft.from = chance.one("127.0.0.1", "127.0.0.1", "127.0.0.5");
    }
    if (chance.percent(20)) {
      draft.method = chance.one("PUT", "PATCH", "DELETE");
    }
    if (chance.percent(50)) {
      draft.add("Cookie", Cookies.some(chance));
    }
  }

  private static String key(Draft draft, Chance chance) {
    if (draft.host.equals(Places.CONSOLE)) {
      return chance.one(NamedKey.ADMIN, NamedKey.ROOT, NamedKey.EVERYTHING).text;
    }
    return chance.percent(70)
        ? chance.one(NamedKey.EVERYTHING, NamedKey.ROOT, NamedKey.WEB).text
        : chance.one(NamedKey.values()).text;
  }

  static void sendKey(Draft draft, Chance chance, String key) {
    switch (chance.below(4)) {
      case 0 -> draft.add("Authorization", chance.one("Bearer ", "bearer ", "BEARER ") + key);
      case 1 -> draft.add("X-Api-Key", key);
      default -> draft.query.add(chance.below(draft.query.size() + 1), "key=" + key);
    }
  }
}
