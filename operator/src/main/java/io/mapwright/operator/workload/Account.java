package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;

/** The account that an instance's pods run under: it has no rights and mounts no token. */
public final class Account {
  private Account() {}

  public static ServiceAccount serviceAccount(InstanceInput in) {
    return new ServiceAccountBuilder()
        .withMetadata(Owned.by(in, Names.server(in.name())).build())
        .withAutomountServiceAccountToken(false)
        .build();
  }
}
