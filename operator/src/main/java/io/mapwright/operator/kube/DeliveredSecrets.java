package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Delivery Secrets as the operator remembers them: whose each is, and in the place of each value
 * its digest, for that is all a pass asks. So the memory of the operator holds no key that was
 * delivered, and ten thousand of them weigh little.
 */
public final class DeliveredSecrets extends InformerEventSource<Secret, ApiKey> {
  private static final String DIGEST = "sha256:";

  public DeliveredSecrets(EventSourceContext<ApiKey> context) {
    super(
        EarlyTrim.of(
                InformerEventSourceConfiguration.from(Secret.class, ApiKey.class),
                context,
                DeliveredSecrets::digested)
            .withLabelSelector(Labels.SELECTOR + "," + Labels.API_KEY)
            .withSecondaryToPrimaryMapper(DeliveredSecrets::owners)
            .build(),
        context);
  }

  @Override
  public void onAdd(Secret made) {
    super.onAdd(digested(made));
  }

  @Override
  public void onUpdate(Secret before, Secret now) {
    super.onUpdate(before, digested(now));
  }

  /** Reduces a Secret in place, once, as it comes from the API server. */
  public static Secret digested(Secret secret) {
    var meta = secret.getMetadata();
    secret.setMetadata(
        new ObjectMetaBuilder()
            .withName(meta.getName())
            .withNamespace(meta.getNamespace().intern())
            .withUid(meta.getUid())
            .withResourceVersion(meta.getResourceVersion())
            .withOwnerReferences(
                meta.getOwnerReferences().stream().map(DeliveredSecrets::owner).toList())
            .withAnnotations(Map.of())
            .build());
    var digests = new TreeMap<String, String>();
    Optional.ofNullable(secret.getData())
        .orElse(Map.of())
        .forEach((key, value) -> digests.put(key, digested(value)));
    secret.setData(digests);
    secret.setApiVersion("v1");
    secret.setKind("Secret");
    secret.setType("Opaque");
    return secret;
  }

  private static String digested(String value) {
    if (value.startsWith(DIGEST)) {
      return value;
    }
    var text = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    return DIGEST + ApiKeyFormat.digest(text).toLowerCase(Locale.ROOT);
  }

  /** Digest of one entry, in lower-case hex. */
  public static Optional<String> digest(Secret digested, String entry) {
    return Optional.ofNullable(digested.getData())
        .map(data -> data.get(entry))
        .map(value -> value.substring(DIGEST.length()));
  }

  private static OwnerReference owner(OwnerReference reference) {
    return new OwnerReferenceBuilder()
        .withKind(reference.getKind().intern())
        .withName(reference.getName())
        .withUid(reference.getUid())
        .build();
  }

  private static Set<ResourceID> owners(Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream()
        .filter(ref -> ApiKey.class.getSimpleName().equals(ref.getKind()))
        .map(ref -> new ResourceID(ref.getName(), secret.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
