package io.mapwright.operator.api.v1alpha1;

/**
 * What applies where a spec says nothing. The only place that has these values: descriptions of
 * fields, and so the CRDs, are written from them, and the code that resolves a spec reads them.
 */
public final class Defaults {
  public static final int REPLICAS = 1;
  public static final int SERVER_PORT = 8080;
  public static final String HEALTH_PATH = "/health";
  public static final int STARTUP_SECONDS = 120;
  public static final long RUN_AS_USER = 65532;
  public static final String DATA_PATH = "/data";
  public static final String DATABASE_VARIABLE = "DATABASE_URL";
  public static final int MIN_REPLICAS = 2;
  public static final int CPU_UTILIZATION = 70;

  public static final int MAX_BODY_BYTES = 1_048_576;
  public static final int MAX_CONNECTIONS_PER_ADDRESS = 256;
  public static final String TABLE_MAX_AGE = "24h";
  public static final String CONSOLE_PREFIX = "/admin";

  public static final int REQUESTS_PER_SECOND = 50;
  public static final int BURST = 500;

  /** Of a rate limit that sets none: this many times its rate, and at least so many. */
  public static final int BURST_FACTOR = 10;

  public static final int LEAST_BURST = 100;

  public static final String SESSION_ROTATION = "30d";
  public static final String SESSION_MAX_AGE = "7d";
  public static final String ISSUER_GROUP = "cert-manager.io";
  public static final String DELIVERY_KEY = "key";

  /** How long a replaced key goes on, at the most. */
  public static final String ROTATION_GRACE = "24h";

  public static final String TIME_ZONE = "UTC";
  public static final String CHECK_SUBSET = "1%";
  public static final int KEEP_DAILY = 7;
  public static final int KEEP_WEEKLY = 4;
  public static final int KEEP_MONTHLY = 6;
  public static final String SNAPSHOT = "latest";
  public static final int SFTP_PORT = 22;
  public static final String POSTGRES_IMAGE = "postgres:17";
  public static final String FINAL_BACKUP_TIMEOUT = "30m";
  public static final String UPDATE_DEADLINE = "10m";

  private Defaults() {}
}
