package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reduces objects before they are kept, not after all of them were listed: a start with ten
 * thousand keys would not fit into memory else.
 *
 * <p>The framework has one store for the informers of all namespaces, and each informer drops from
 * its store what it did not list itself. So this is only for the case of one informer; where
 * several namespaces are watched, keys and their Secrets are reduced when their first event comes,
 * and other objects are kept whole.
 */
public final class TrimmedStore {
  /** Objects that are read at once; the others wait at the API server. */
  public static final long PAGE = 500;

  private TrimmedStore() {}

  /**
   * Has a source reduce and page what it lists.
   *
   * @param namespaces those that are to be watched, now or later; empty for all
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

  /** Whether the objects of these namespaces can be kept in a reduced form from the beginning. */
  public static boolean possible(Set<String> namespaces) {
    return namespaces.size() <= 1;
  }
}
