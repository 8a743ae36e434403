package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Reason;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an Event when a condition changes, so that {@code kubectl describe} shows what happened.
 */
public final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);

  private final KubernetesClient client;
  private final Clock clock;

  public Events(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Publishes an Event about a condition, best effort: one that cannot be written is only logged.
   */
  public void publish(HasMetadata about, Condition condition) {
    write(about, condition, new ObjectMetaBuilder().withGenerateName(prefix(about)).build());
  }

  /** Publishes an Event only once for each object, however often it is called. */
  public void publishOnce(HasMetadata about, Condition condition) {
    var name = prefix(about) + about.getMetadata().getUid();
    write(about, condition, new ObjectMetaBuilder().withName(name).build());
  }

  private static String prefix(HasMetadata about) {
    var name = about.getMetadata().getName();
    return name.substring(0, Math.min(200, name.length())) + ".";
  }

  private void write(HasMetadata about, Condition condition, ObjectMeta named) {
    var good =
        "True".equals(condition.getStatus())
            && !ConditionType.Expiring.name().equals(condition.getType())
            && !Reason.Expired.name().equals(condition.getReason());
    var meta = about.getMetadata();
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadataLike(named)
            .withNamespace(meta.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .withUid(meta.getUid())
            .endInvolvedObject()
            .withType(good ? "Normal" : "Warning")
            .withReason(good ? condition.getType() : condition.getReason())
            .withMessage(condition.getMessage())
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent(Applier.FIELD_MANAGER)
            .endSource()
            .withReportingComponent(Applier.FIELD_MANAGER)
            .build();
    try {
      client.v1().events().inNamespace(meta.getNamespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return; // written already
      }
      log.warn("could not write an event about {}: {}", meta.getName(), e.getMessage());
    }
  }
}
