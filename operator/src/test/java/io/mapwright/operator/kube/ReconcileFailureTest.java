package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.apikey.ApiKeyReconciler;
import io.mapwright.operator.instance.InstanceReconciler;
import io.mapwright.operator.model.Given;
import io.mapwright.operator.originpolicy.OriginPolicyReconciler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileFailureTest {
  private static final MapwrightInstance TILES = Given.instance(Given.SMALLEST);

  private static KubernetesClientException refusal(
      int code, String group, String kind, String name) {
    var status =
        new StatusBuilder()
            .withCode(code)
            .withNewDetails()
            .withGroup(group)
            .withKind(kind)
            .withName(name)
            .endDetails()
            .build();
    return new KubernetesClientException(status);
  }

  @Test
  void objectThatIsGoneIsDone() {
    var gone = refusal(404, "mapwright.io", "mapwrightinstances", "tiles");
    assertThat(ReconcileFailure.gone(TILES, gone)).isTrue();
    assertThat(ReconcileFailure.control(TILES, gone).isNoRetry()).isTrue();
  }

  /** The metrics of the framework hand on what a pass threw in exceptions of their own. */
  @Test
  void causesCountToo() {
    var gone = refusal(404, "mapwright.io", "mapwrightinstances", "tiles");
    assertThat(ReconcileFailure.gone(TILES, new OperatorException(new RuntimeException(gone))))
        .isTrue();
  }

  /** Nothing else would start a pass again: a restore stood still forever. */
  @ParameterizedTest
  @CsvSource({
    "404, '', pods, tiles",
    "404, '', pods, restore-1",
    "404, mapwright.io, mapwrightinstances, other",
    "404, mapwright.io, apikeys, tiles",
    "404, '', namespaces, maps",
    "409, mapwright.io, mapwrightinstances, tiles",
    "403, mapwright.io, mapwrightinstances, tiles"
  })
  void anythingElseIsTriedAgain(int code, String group, String kind, String name) {
    var refused = refusal(code, group, kind, name);
    assertThat(ReconcileFailure.gone(TILES, refused)).isFalse();
    assertThat(ReconcileFailure.control(TILES, refused).isNoRetry()).isFalse();
  }

  @Test
  void notFoundWithoutWordsIsTriedAgain() {
    assertThat(ReconcileFailure.gone(TILES, new KubernetesClientException("none", 404, null)))
        .isFalse();
    assertThat(ReconcileFailure.gone(TILES, new IllegalStateException("a bug"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {InstanceReconciler.class, ApiKeyReconciler.class, OriginPolicyReconciler.class})
  void everyReconcilerTriesAgainWithinAMinuteAndNeverGivesUp(Class<?> reconciler) {
    var retry = reconciler.getAnnotation(GradualRetry.class);
    assertThat(retry).as("without it JOSDK gives up after five attempts").isNotNull();
    assertThat(retry.maxAttempts()).isEqualTo(Integer.MAX_VALUE);
    assertThat(retry.maxInterval()).isBetween(1L, 60_000L);
  }
}
