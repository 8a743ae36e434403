package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels of namespaces, by which instances may admit them. Known if the operator watches all
 * namespaces; an operator that watches some has no permission to read them.
 */
public final class Namespaces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Namespaces.class);

  private final Optional<SharedIndexInformer<Namespace>> informer;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean refused;

  private Namespaces(Optional<SharedIndexInformer<Namespace>> informer) {
    this.informer = informer;
    informer.ifPresent(i -> {
      i.addEventHandler(new Changes());
      i.exceptionHandler((_, e) -> failed(e));
    });
  }

  /** Watches all namespaces, once started. */
  public static Namespaces all(KubernetesClient client) {
    var store = new TransformingItemStore<Namespace>(Namespaces::trim);
    return new Namespaces(Optional.of(client.namespaces().runnableInformer(0).itemStore(store)));
  }

  /** For an operator that may not read them. */
  public static Namespaces none() {
    return new Namespaces(Optional.empty());
  }

  /** Adds a listener for namespaces with new or changed labels, called on the informer's thread. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  public void start() {
    informer.ifPresent(i -> {
      var _ = i.start();
    });
  }

  /** Whether the labels are known. */
  public boolean known() {
    return informer.map(SharedIndexInformer::hasSynced).orElse(false);
  }

  /** Whether there is nothing to wait for: a missing permission must not block everything else. */
  public boolean settled() {
    return informer.isEmpty() || refused || known();
  }

  /** Labels of a namespace; none if they are not known. */
  public Map<String, String> labels(String namespace) {
    return informer
        .map(i -> i.getStore().getByKey(namespace))
        .map(Namespaces::labels)
        .orElse(Map.of());
  }

  private static Map<String, String> labels(Namespace namespace) {
    return Optional.ofNullable(namespace.getMetadata().getLabels()).orElse(Map.of());
  }

  private boolean failed(Throwable e) {
    // The client wraps exceptions of its own threads.
    ApiErrors.refusals(e, HttpURLConnection.HTTP_FORBIDDEN)
        .filter(_ -> !refused)
        .findFirst()
        .ifPresent(refusal -> {
          refused = true;
          log.warn(
              "namespaces cannot be listed; namespaces selected by namespaceLabels are not admitted: {}",
              refusal.getMessage());
        });
    return true;
  }

  private static Namespace trim(Namespace namespace) {
    var meta = namespace.getMetadata();
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion())
        .withLabels(meta.getLabels())
        .endMetadata()
        .build();
  }

  @Override
  public void close() {
    informer.ifPresent(SharedIndexInformer::close);
  }

  private final class Changes implements ResourceEventHandler<Namespace> {
    @Override
    public void onAdd(Namespace made) {
      notifyListeners(null, made);
    }

    @Override
    public void onUpdate(Namespace before, Namespace now) {
      notifyListeners(before, now);
    }

    @Override
    public void onDelete(Namespace gone, boolean unknown) {
      notifyListeners(gone, null);
    }

    private void notifyListeners(@Nullable Namespace before, @Nullable Namespace now) {
      var namespace = now == null ? before : now;
      if (namespace != null
          && (before == null || now == null || !labels(before).equals(labels(now)))) {
        listeners.forEach(listener -> listener.accept(namespace.getMetadata().getName()));
      }
    }
  }
}
