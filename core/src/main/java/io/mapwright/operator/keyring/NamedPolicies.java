package io.mapwright.operator.keyring;

import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.LocalRef;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The policies that a key names, sorted.
 *
 * @param valid those whose origins can be compared
 * @param missing names of those that do not exist
 * @param invalid names of those with an origin that cannot be compared
 */
public record NamedPolicies(List<OriginPolicy> valid, List<String> missing, List<String> invalid) {
  public static final NamedPolicies NONE = new NamedPolicies(List.of(), List.of(), List.of());

  /** Finds the policies that a key names. */
  static NamedPolicies of(
      ApiKey key,
      Function<String, Optional<OriginPolicy>> find,
      Predicate<OriginPolicy> comparable) {
    var valid = new ArrayList<OriginPolicy>();
    var missing = new ArrayList<String>();
    var invalid = new ArrayList<String>();
    for (var name : names(key)) {
      var policy = find.apply(name);
      if (policy.isEmpty()) {
        missing.add(name);
      } else if (comparable.test(policy.get())) {
        valid.add(policy.get());
      } else {
        invalid.add(name);
      }
    }
    return new NamedPolicies(List.copyOf(valid), List.copyOf(missing), List.copyOf(invalid));
  }

  /** Names of the policies that a key refers to, sorted. */
  public static List<String> names(ApiKey key) {
    return Optional.ofNullable(key.getSpec().originPolicyRefs()).orElse(List.of()).stream()
        .map(LocalRef::name)
        .sorted()
        .toList();
  }
}
