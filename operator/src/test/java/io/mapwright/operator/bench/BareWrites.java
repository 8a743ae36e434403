package io.mapwright.operator.bench;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.KeyState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The least that making keys costs: a parallel client that sends the very writes that become of an
 * ApiKey (the object, its digest, its Secret, its status) and does nothing else.
 */
final class BareWrites {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("bare")
          .withForce(true)
          .build();

  private final Api api;
  private final String namespace;

  BareWrites(Api api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  double seconds(int from, int to, int threads) throws InterruptedException {
    var begin = System.nanoTime();
    Api.parallel(from, to, threads, this::make);
    return Waits.seconds(begin);
  }

  private void make(int number) {
    var name = "key-" + number;
    api.client.resource(Api.key(namespace, name, "tiles", "")).create();
    var digest = new KeyDigest("%064x".formatted(number), "abcdefgh", "2026-01-01T00:00:00Z", null);
    status(name, KeyState.Pending, null, digest, conditions("Accepted", "Enforced", "Ready"));
    api.client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name + "-key")
                .withNamespace(namespace)
                .withLabels(Map.of("bench", "bare"))
                .endMetadata()
                .withStringData(Map.of("key", "mpw_pk_" + "x".repeat(51)))
                .build())
        .create();
    status(
        name,
        KeyState.Active,
        digest,
        null,
        conditions("Accepted", "Delivered", "Enforced", "Ready"));
  }

  private void status(
      String name,
      KeyState state,
      @org.jspecify.annotations.Nullable KeyDigest current,
      @org.jspecify.annotations.Nullable KeyDigest next,
      List<Condition> conditions) {
    var patch = new ApiKey();
    patch.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
    patch.setStatus(
        new ApiKeyStatus(
            1L,
            state,
            "abcdefgh",
            name + "-key",
            current,
            null,
            next,
            null,
            null,
            null,
            null,
            "3/3",
            null,
            null,
            null,
            conditions));
    api.client.resource(patch).subresource("status").patch(APPLY);
  }

  private static List<Condition> conditions(String... types) {
    return Stream.of(types)
        .map(type ->
            new ConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason("Active")
                .withMessage("every running gateway enforces this state")
                .withObservedGeneration(1L)
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .build())
        .toList();
  }
}
