package io.mapwright.operator.instance;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Namespaces whose keys an instance admits, but that this operator does not watch. */
record AllowedNamespaces(KeySources keys, ServedNamespaces served) {

  Stream<Problem> problems(MapwrightInstance instance) {
    return Stream.of(withoutLabels(instance), unwatched(instance)).flatMap(Optional::stream);
  }

  private Optional<Problem> withoutLabels(MapwrightInstance instance) {
    return Admission.selectsByLabels(Optional.ofNullable(instance.getSpec().access()))
            && !keys.knowsNamespaceLabels()
        ? Optional.of(
            new Problem(
                ConditionType.Applied,
                Reason.NamespaceLabelsUnknown,
                "access.allowedNamespaces.namespaceLabels admits no namespace: this operator cannot read the labels of namespaces; name each namespace, or let the operator watch all"))
        : Optional.empty();
  }

  /** Keys in a namespace that is not watched grant no access; those of other namespaces do. */
  private Optional<Problem> unwatched(MapwrightInstance instance) {
    return served.unserved().stream()
        .filter(namespace -> Admission.of(instance, namespace, Map.of()).admitted())
        .findFirst()
        .map(namespace ->
            new Problem(
                ConditionType.Applied,
                Reason.Forbidden,
                "access.allowedNamespaces: keys of "
                    + namespace
                    + " grant no access: "
                    + ServedNamespaces.why(namespace)));
  }
}
