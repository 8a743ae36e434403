package io.mapwright.operator.backup;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.Owned;
import java.util.Map;

/** Files that the pods of backups and restores find in a ConfigMap. */
public final class JobFiles {
  static final String PASSWD = "passwd";
  static final String SSH_CONFIG = "ssh_config";
  static final String INSTANCE = "instance.json";

  private static final String SSH =
      """
      Host *
        IdentityFile /credentials/ssh-privatekey
        IdentitiesOnly yes
        UserKnownHostsFile /credentials/known_hosts
        StrictHostKeyChecking yes
        BatchMode yes
        ConnectTimeout 30
        ServerAliveInterval 30
      """;

  private JobFiles() {}

  /**
   * Returns the ConfigMap.
   *
   * @param manifest the instance as a file for kubectl
   */
  public static ConfigMap configMap(InstanceInput in, String manifest) {
    var user = in.runAsUser();
    return new ConfigMapBuilder()
        .withMetadata(Owned.by(in, Names.backup(in.name())).build())
        .withData(
            Map.of(
                PASSWD,
                "mapwright:x:" + user + ":" + user + "::/tmp:/bin/sh\n",
                SSH_CONFIG,
                SSH,
                INSTANCE,
                manifest))
        .build();
  }
}
