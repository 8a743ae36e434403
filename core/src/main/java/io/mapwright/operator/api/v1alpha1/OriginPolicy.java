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

/** The web pages from which keys may be used. */
@Group("mapwright.io")
@Version("v1alpha1")
@Kind("OriginPolicy")
@Plural("originpolicies")
@ShortNames("mwo")
@Categories("mapwright")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type=='Ready')].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Keys",
    jsonPath = ".status.keys",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Missing-Origin",
    jsonPath = ".spec.missingOrigin",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type=='Ready')].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class OriginPolicy extends CustomResource<OriginPolicySpec, OriginPolicyStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  public OriginPolicySpec getSpec() {
    return super.getSpec();
  }

  @Override
  @Default(Unseen.STATUS)
  public OriginPolicyStatus getStatus() {
    return super.getStatus();
  }

  /** Takes what the API server puts into a new object for what it is: no status. */
  @Override
  public void setStatus(@Nullable OriginPolicyStatus status) {
    super.setStatus(OriginPolicyStatus.UNSEEN.equals(status) ? null : status);
  }
}
