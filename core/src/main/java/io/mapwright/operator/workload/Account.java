package io.mapwright.operator.workload;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;

/** The accounts that an instance's pods run under: they have no rights and mount no token. */
public final class Account {
  private Account() {}

  public static ServiceAccount serviceAccount(InstanceInput in) {
    return account(in, Names.server(in.name()));
  }

  /** The account of the pods that work with the repository. */
  public static ServiceAccount backup(InstanceInput in) {
    return account(in, Names.backup(in.name()));
  }

  private static ServiceAccount account(InstanceInput in, String name) {
    return new ServiceAccountBuilder()
        .withMetadata(Owned.by(in, name).build())
        .withAutomountServiceAccountToken(false)
        .build();
  }
}
