package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.plan.InstancePlan;
import java.util.ArrayList;
import java.util.List;

/** Watches the kinds of the plan, and optional ones while the cluster has them. */
public final class OptionalKinds {
  private final OwnedSources sources;
  private final Capabilities capabilities;

  public OptionalKinds(OwnedSources sources, Capabilities capabilities) {
    this.sources = sources;
    this.capabilities = capabilities;
  }

  /** Creates the event sources of all available kinds, including pods. */
  public List<EventSource<?, MapwrightInstance>> sources(
      EventSourceContext<MapwrightInstance> context) {
    var result = new ArrayList<EventSource<?, MapwrightInstance>>();
    result.add(sources.create(Pod.class, context));
    for (var row : InstancePlan.rows()) {
      if (row.needs().map(capabilities.present()::contains).orElse(true)
          && !sources.knows(row.kind())) {
        result.add(sources.create(row.kind(), context));
      }
    }
    return result;
  }

  /** Starts watching optional kinds that were installed, and stops for those that were removed. */
  public synchronized void follow(Context<MapwrightInstance> context) {
    var retriever = context.eventSourceRetriever();
    for (var row : InstancePlan.rows()) {
      row.needs()
          .ifPresent(capability -> {
            var present = capabilities.present().contains(capability);
            if (present && !sources.knows(row.kind())) {
              retriever.dynamicallyRegisterEventSource(
                  sources.create(row.kind(), retriever.eventSourceContextForDynamicRegistration()));
            } else if (!present && sources.knows(row.kind())) {
              sources.forget(row.kind());
              var _ = retriever.dynamicallyDeRegisterEventSource(row.kind().getSimpleName());
            }
          });
    }
  }
}
