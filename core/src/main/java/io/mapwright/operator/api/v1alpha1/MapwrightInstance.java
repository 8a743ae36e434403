package io.mapwright.operator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A map server with its gateway, certificate, networks and backups. */
@Group("mapwright.io")
@Version("v1alpha1")
@Kind("MapwrightInstance")
@Plural("mapwrightinstances")
@ShortNames("mwi")
@Categories("mapwright")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type=='Ready')].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Replicas",
    jsonPath = ".status.readyReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "URL",
    jsonPath = ".status.url",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Backup",
    jsonPath = ".status.backup.lastSuccessfulTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Certificate-Ends",
    jsonPath = ".status.certificateNotAfter",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type=='Ready')].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class MapwrightInstance
    extends CustomResource<MapwrightInstanceSpec, MapwrightInstanceStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  public MapwrightInstanceSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @Default(Unseen.STATUS)
  public MapwrightInstanceStatus getStatus() {
    return super.getStatus();
  }

  /** Takes what the API server puts into a new object for what it is: no status. */
  @Override
  public void setStatus(@Nullable MapwrightInstanceStatus status) {
    super.setStatus(MapwrightInstanceStatus.UNSEEN.equals(status) ? null : status);
  }
}
