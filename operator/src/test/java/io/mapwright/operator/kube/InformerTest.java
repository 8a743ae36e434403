package io.mapwright.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What all that listens to the watch relies on, and what one version of the client lacked. */
@NullUnmarked // the extension fills the fields
@EnableKubernetesMockClient(crud = true, https = false) // its certificate takes a second
class InformerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  KubernetesClient client;
  KubernetesMockServer server;

  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger updated = new AtomicInteger();

  /** Hears and fails. */
  private final ResourceEventHandler<ConfigMap> broken =
      new ResourceEventHandler<>() {
        @Override
        public void onAdd(ConfigMap now) {
          made.incrementAndGet();
          throw new IllegalStateException("a bug of ours");
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap now) {
          updated.incrementAndGet();
          throw new IllegalStateException("a bug of ours");
        }

        @Override
        public void onDelete(ConfigMap gone, boolean unknown) {}
      };

  private void create(String name) {
    client.resource(map(name, "1")).create();
  }

  private static ConfigMap map(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("maps")
        .endMetadata()
        .withData(Map.of("value", value))
        .build();
  }

  @Test
  void exceptionOfOneEventKeepsNoLaterOneBack() {
    create("before");
    try (var informer =
        client.configMaps().inNamespace("maps").runnableInformer(0).addEventHandler(broken)) {
      informer.run();
      await("listed").atMost(PATIENCE).until(() -> made.get() == 1);
      create("after");
      await("watched").atMost(PATIENCE).until(() -> made.get() == 2);
      client.resource(map("after", "2")).update();
      await("changed").atMost(PATIENCE).until(() -> updated.get() == 1);
      assertThat(informer.isRunning()).isTrue();
    }
  }

  /** Until fabric8 7.8 a resync that failed, as in a store of ours, was the last one. */
  @Test
  void resyncThatFailsIsNotTheLast() {
    create("a");
    var store = new BrittleStore();
    try (var informer =
        client
            .configMaps()
            .inNamespace("maps")
            .runnableInformer(1000)
            .itemStore(store)
            .addEventHandler(broken)) {
      informer.run();
      store.failing.set(true);
      await("a resync that fails").atMost(PATIENCE).untilFalse(store.failing);
      var before = updated.get();
      await("one behind it").atMost(PATIENCE).until(() -> updated.get() > before);
    }
  }

  /** Fails once when it is asked for all that it holds, as by a resync. */
  private static final class BrittleStore extends BasicItemStore<ConfigMap> {
    private final AtomicBoolean failing = new AtomicBoolean();

    BrittleStore() {
      super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public Stream<ConfigMap> values() {
      if (failing.compareAndSet(true, false)) {
        throw new IllegalStateException("a bug of ours");
      }
      return super.values();
    }
  }
}
