package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Trims objects before they are cached, not after all were listed: otherwise a start with ten
 * thousand keys would not fit into memory.
 *
 * <p>The framework has one store for the informers of all namespaces, and each informer drops from
 * its store what it did not list itself. So this only works with one informer; if several
 * namespaces are watched, keys and their Secrets are trimmed on their first event, and other
 * objects are kept untrimmed.
 */
public final class TrimmedStore {
  /** Page size of lists. */
  public static final long PAGE = 500;

  private TrimmedStore() {}

  /**
   * Configures a source to trim and page what it lists.
   *
   * @param namespaces namespaces to watch, now or later; empty for all
   */
  public static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> of(
      InformerEventSourceConfiguration.Builder<R> source,
      Set<String> namespaces,
      UnaryOperator<R> trim) {
    if (possible(namespaces)) {
      source.withItemStore(new TransformingItemStore<>(trim));
    }
    return source.withInformerListLimit(PAGE);
  }

  /** Whether the objects of these namespaces can be trimmed before they are cached. */
  public static boolean possible(Set<String> namespaces) {
    return namespaces.size() <= 1;
  }
}
