package io.mapwright.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scripts that dump and load a database, with real PostgreSQL and PostGIS, as a superuser and
 * as an account that owns the database and nothing else.
 */
class DatabaseRestoreIT {
  private static final String DUMP = Scripts.of("database.sh", "dump.sh");
  private static final String LOAD = Scripts.of("database.sh", "load.sh");
  private static final String DRILL = Scripts.of("database.sh", "drill-load.sh");
  private static final String[] SAVED = {
    "CREATE TABLE places (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at geometry(Point, 4326))",
    "INSERT INTO places (at) SELECT st_setsrid(st_makepoint(n % 90, n % 80), 4326) FROM generate_series(1, 1000) n",
    "CREATE INDEX ON places USING gist (at)",
    "CREATE VIEW near AS SELECT id, st_x(at) AS x FROM places WHERE id < 10",
    "CREATE MATERIALIZED VIEW many AS SELECT count(*) FROM places",
    "CREATE TYPE kind AS ENUM ('road', 'river')",
    "CREATE DOMAIN short AS text CHECK (length(value) < 9)",
    "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1'",
    "CREATE SEQUENCE numbers START 7",
    "CREATE SCHEMA styles",
    "CREATE TABLE styles.layers (kind public.kind, name public.short)",
    "INSERT INTO styles.layers VALUES ('road', 'A')",
    "CREATE TABLE gone (n int)",
    "GRANT SELECT ON places, near TO reader",
  };
  private static final String[] SINCE = {
    "CREATE TABLE since (area geometry)",
    "CREATE TABLE plain (n int)",
    "CREATE VIEW over AS SELECT * FROM places",
    "CREATE TYPE newer AS ENUM ('x')",
    "CREATE FUNCTION newer() RETURNS newer LANGUAGE sql AS $$SELECT 'x'::newer$$",
    "CREATE SCHEMA other",
    "CREATE TABLE other.things (n newer)",
    "SELECT lo_create(0)",
    "DROP TABLE gone",
    "DELETE FROM places WHERE id > 400",
    "REVOKE SELECT ON places FROM reader",
  };

  /**
   * Each object that belongs to no extension, with its owner and rights, and the rows of tables.
   */
  private static final String STATE =
      """
      SELECT i.type, i.identity, c.relowner::regrole, c.relacl FROM pg_depend d
          JOIN pg_namespace n ON n.oid = d.refobjid AND d.refclassid = 'pg_namespace'::regclass
          LEFT JOIN pg_class c ON c.oid = d.objid AND d.classid = 'pg_class'::regclass
          CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
          SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
        ORDER BY 1, 2;
      SELECT nspname, nspowner::regrole FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1;
      SELECT extname FROM pg_extension ORDER BY 1;
      SELECT count(*) FROM pg_largeobject_metadata;
      SELECT count(*), sum(id), st_extent(at) FROM places;
      SELECT * FROM near ORDER BY id;
      SELECT * FROM styles.layers;
      SELECT srid, auth_name FROM spatial_ref_sys WHERE srid > 990000 ORDER BY 1
      """;

  private static final List<PostgresServer> SERVERS = new ArrayList<>();
  private static int made;

  @TempDir Path root = Path.of("/");

  private String database = "";

  @BeforeAll
  static void servers() throws Exception {
    for (var programs : Releases.paths("postgres")) {
      var server = new PostgresServer(Path.of(programs));
      SERVERS.add(server);
      server.sql("postgres", "postgres", "CREATE DATABASE gis");
      server.sql(
          "postgres", "gis", "CREATE EXTENSION postgis", "CREATE EXTENSION postgis_topology");
      server.sql(
          "postgres",
          "postgres",
          "CREATE ROLE owner LOGIN",
          "CREATE ROLE app LOGIN",
          "CREATE ROLE reader LOGIN");
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(PostgresServer::close);
    SERVERS.clear();
  }

  static Stream<Arguments> versionsAndRoles() {
    return SERVERS.stream()
        .flatMap(server ->
            Stream.of("postgres", "owner").map(role -> Arguments.of(server.version, role)));
  }

  private static PostgresServer server(int version) {
    return SERVERS.stream().filter(s -> s.version == version).findFirst().orElseThrow();
  }

  @BeforeEach
  void folder() throws IOException {
    new ScriptFolder(root);
    Files.createDirectories(root.resolve("mapwright/database"));
  }

  /** Makes a database with PostGIS that the role fills; returns nothing of another test's. */
  private void furnish(PostgresServer server, String role) throws Exception {
    database = "maps" + ++made;
    server.sql(
        "postgres", "postgres", "CREATE DATABASE " + database + " TEMPLATE gis OWNER " + role);
    if (role.equals("owner")) {
      server.sql("postgres", database, "GRANT CREATE ON SCHEMA public TO owner");
    }
    server.sql(role, database, SAVED);
  }

  private ScriptFolder.Ended run(PostgresServer server, Path programs, String role, String script)
      throws Exception {
    var env = new HashMap<>(Map.of("DATABASE_URL", server.url(role, database)));
    env.put("PATH", programs + ":" + System.getenv("PATH"));
    env.put("CLEAR", Scripts.of("clear.sql"));
    env.put("log", root.resolve("work/dump.log").toString());
    env.put("DRILL_SQL", "SELECT count(*) FROM places");
    return new ScriptFolder(root).run(script, env);
  }

  private void dump(PostgresServer server, String role) throws Exception {
    var ended = run(server, server.programs, role, DUMP);
    assertThat(ended.exit()).as(ended.toString()).isZero();
    assertThat(root.resolve("work/dump.tls")).as("a socket has no TLS").hasContent("f");
  }

  private JobReport load(PostgresServer server, String role) throws Exception {
    return run(server, server.programs, role, LOAD).report();
  }

  private String state(PostgresServer server) throws Exception {
    return server.sql("postgres", database, STATE.split(";"));
  }

  @ParameterizedTest
  @MethodSource("versionsAndRoles")
  void databaseBecomesWhatTheDumpHolds(int version, String role) throws Exception {
    var server = server(version);
    furnish(server, role);
    if (role.equals("postgres")) {
      server.sql(
          role,
          database,
          "ALTER TABLE places OWNER TO app",
          "INSERT INTO spatial_ref_sys (srid, auth_name) VALUES (990001, 'ours')");
    }
    var before = state(server);
    dump(server, role);
    server.sql(role, database, SINCE);
    if (role.equals("postgres")) {
      server.sql(
          role, database, "INSERT INTO spatial_ref_sys (srid, auth_name) VALUES (990002, '')");
    }
    assertThat(state(server)).isNotEqualTo(before);
    var report = load(server, role);
    assertThat(report.exitCode()).as(report.toString()).isZero();
    assertThat(report.text("touched")).contains("yes");
    assertThat(state(server)).isEqualTo(before);
    assertThat(server.sql("reader", database, "SELECT count(*) FROM places").strip())
        .isEqualTo("1000");
    assertThat(load(server, role).exitCode()).as("again").isZero();
    assertThat(state(server)).isEqualTo(before);
  }

  @Test
  void dumpByProgramsOfAnotherVersionIsNoBackup() throws Exception {
    for (var pair : List.of(List.of(15, 17), List.of(17, 15))) {
      var server = server(pair.getFirst());
      furnish(server, "postgres");
      var ended = run(server, server(pair.getLast()).programs, "postgres", DUMP);
      assertThat(ended.exit()).as(ended.toString()).isEqualTo(73);
      assertThat(Files.readString(root.resolve("work/dump.log")))
          .contains("backup.postgres.image")
          .contains("docker.io/library/postgres:" + server.version);
      assertThat(root.resolve("mapwright/database/database.pgdump")).doesNotExist();
    }
  }

  @Test
  void dumpOfAnotherVersionIsRefusedBeforeAnythingIsTouched() throws Exception {
    furnish(server(17), "postgres");
    dump(server(17), "postgres");
    var server = server(15);
    furnish(server, "postgres");
    var before = state(server);
    var report = load(server, "postgres");
    assertThat(report.exitCode()).as(report.toString()).isEqualTo(73);
    assertThat(report.text("touched")).isEmpty();
    assertThat(state(server)).isEqualTo(before);
    var others = run(server, server(17).programs, "postgres", LOAD).report();
    assertThat(others.exitCode()).as(others.toString()).isEqualTo(73);
  }

  @Test
  void olderDumpGoesIntoANewerServer() throws Exception {
    furnish(server(15), "postgres");
    dump(server(15), "postgres");
    var server = server(17);
    furnish(server, "postgres");
    var report = load(server, "postgres");
    assertThat(report.exitCode()).as(report.toString()).isZero();
  }

  @Test
  void roleThatTheServerLacksLeavesAllAsItWas() throws Exception {
    var server = server(17);
    server.sql("postgres", "postgres", "CREATE ROLE passing");
    furnish(server, "postgres");
    server.sql("postgres", database, "ALTER TABLE places OWNER TO passing");
    dump(server, "postgres");
    server.sql("postgres", database, "ALTER TABLE places OWNER TO app", "DROP ROLE passing");
    leavesAllAsItWas(server, "postgres", 75, "passing", "create it");
  }

  @Test
  void dumpThatEndsTooEarlyLeavesAllAsItWas() throws Exception {
    var server = server(17);
    furnish(server, "postgres");
    dump(server, "postgres");
    var file = root.resolve("mapwright/database/database.pgdump");
    var bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - bytes.length / 10));
    leavesAllAsItWas(server, "postgres", 75, "", "nothing was changed");
  }

  @Test
  void rowsThatTheAccountMayNotWriteLeaveAllAsItWas() throws Exception {
    var server = server(17);
    furnish(server, "owner");
    server.sql(
        "postgres",
        database,
        "INSERT INTO spatial_ref_sys (srid, auth_name) VALUES (990001, 'ours')");
    dump(server, "owner");
    leavesAllAsItWas(
        server, "owner", 74, "GRANT INSERT, DELETE ON public.spatial_ref_sys", "right");
    server.sql("postgres", database, "GRANT INSERT, DELETE ON spatial_ref_sys TO owner");
    assertThat(load(server, "owner").exitCode()).isZero();
  }

  private void leavesAllAsItWas(
      PostgresServer server, String role, int exit, String says, String advice) throws Exception {
    server.sql(role, database, "CREATE TABLE since (n int)");
    var before = state(server);
    var report = load(server, role);
    assertThat(report.exitCode()).as(report.toString()).isEqualTo(exit);
    assertThat(report.text("touched")).isEmpty();
    assertThat(report.log()).contains(says);
    assertThat(FailureHints.of(report)).contains(advice);
    assertThat(state(server)).isEqualTo(before);
  }

  @Test
  void ownerLoadsIntoADatabaseThatHasTheExtensionsAndNothingElse() throws Exception {
    var server = server(15);
    furnish(server, "owner");
    var before = state(server);
    dump(server, "owner");
    database = "fresh";
    server.sql("postgres", "postgres", "CREATE DATABASE fresh OWNER owner TEMPLATE template0");
    server.sql("postgres", database, "GRANT CREATE ON SCHEMA public TO owner");
    var refused = load(server, "owner");
    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(75);
    assertThat(FailureHints.of(refused)).contains("CREATE EXTENSION");
    server.sql(
        "postgres", database, "CREATE EXTENSION postgis", "CREATE EXTENSION postgis_topology");
    var report = load(server, "owner");
    assertThat(report.exitCode()).as(report.toString()).isZero();
    assertThat(state(server)).isEqualTo(before);
  }

  @Test
  void drillLoadsIntoADatabaseOfItsOwn() throws Exception {
    var server = server(15);
    furnish(server, "owner");
    dump(server, "owner");
    database = "drill";
    var report = run(server, server.programs, "postgres", DRILL).report();
    assertThat(report.exitCode()).as(report.toString()).isZero();
    assertThat(report.number("rows", 1)).contains(1000L);
  }
}
