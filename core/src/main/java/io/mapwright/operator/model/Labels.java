package io.mapwright.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/** Labels and annotations that the operator sets, in the terms that Kubernetes recommends. */
public final class Labels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "mapwright-operator";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String INSTANCE = "mapwright.io/instance";
  public static final String API_KEY = "mapwright.io/api-key";

  /** The task of a pod of {@link Component#BACKUP}. */
  public static final String TASK = "mapwright.io/task";

  /** Annotation with the whole name of the owner, which may be too long for a label. */
  public static final String OWNER = "mapwright.io/owner";

  /** Annotation of keys and policies that a restore created. */
  public static final String RESTORED = "mapwright.io/restored";

  /**
   * Annotation of an ApiKey: the id of a restore whose keys may come back to its instance, a dot,
   * and the digest of what it restores. Anyone who can set it may make keys anyway.
   */
  public static final String RESTORE_KEYS = "mapwright.io/restore-keys";

  /** Annotation of an ApiKey that a restore created: revoked digests, separated by commas. */
  public static final String CUT_DIGESTS = "mapwright.io/cut-digests";

  /** Annotation on the pod template: a change of the gateway's configuration rolls the pods. */
  public static final String CONFIG_HASH = "mapwright.io/config-hash";

  /** Annotation on the pod template: no pod, and so no line of its log, is older. */
  public static final String LOGS_SINCE = "mapwright.io/logs-since";

  /** Selects the objects that the operator created. */
  public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;

  private Labels() {}

  /** Labels of every object of an instance. */
  public static Map<String, String> of(String instance) {
    return Map.of(
        "app.kubernetes.io/name",
        "mapwright",
        "app.kubernetes.io/instance",
        Names.label(instance),
        MANAGED_BY,
        OPERATOR,
        INSTANCE,
        Names.label(instance));
  }

  /**
   * Whether the operator created an object for an instance. An object of somebody else with one of
   * its names, such as the delivery Secret of an ApiKey, is neither read nor overwritten.
   */
  public static boolean owns(String instance, HasMetadata object) {
    var meta = object.getMetadata();
    return meta.getLabels() != null
        && meta.getAnnotations() != null
        && OPERATOR.equals(meta.getLabels().get(MANAGED_BY))
        && instance.equals(meta.getAnnotations().get(OWNER));
  }

  /** Selector of an instance's pods of one component; never changed, as Deployments forbid it. */
  public static Map<String, String> pods(String instance, Component component) {
    return Map.of(INSTANCE, Names.label(instance), COMPONENT, component.label());
  }

  /** The kinds of pods that an instance has. */
  public enum Component {
    SERVER,
    BACKUP,
    DRILL;

    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What pods that work with a repository do. */
  public enum Task {
    BACKUP,
    CHECK,
    RESTORE,
    DRILL;

    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
