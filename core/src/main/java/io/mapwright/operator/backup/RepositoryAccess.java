package io.mapwright.operator.backup;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.LocalRef;
import io.mapwright.operator.api.v1alpha1.Repository;
import io.mapwright.operator.api.v1alpha1.Restore;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import io.mapwright.operator.api.v1alpha1.VolumeRepository;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.workload.EnvSources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a pod opens a repository.
 *
 * @param prefix folder in a bucket for which the user names none
 * @param credentials Secret of the user, if one is needed
 * @param password Secret key with the repository's password
 */
public record RepositoryAccess(
    Repository repository, String prefix, Optional<String> credentials, SecretKeyRef password) {
  private static final String ADDRESS = "RESTIC_REPOSITORY";
  private static final String VOLUME = "/repository";
  private static final String CREDENTIALS = "/credentials";

  /** The instance's own repository. */
  public static RepositoryAccess of(InstanceInput in) {
    var backup = in.backup().orElseThrow();
    return new RepositoryAccess(
        backup.repository(),
        in.namespace() + "/" + in.name(),
        Optional.ofNullable(backup.credentialsSecretRef()).map(LocalRef::name),
        in.backupPassword());
  }

  /** The repository that a restore reads: another instance's, or its own. */
  public static RepositoryAccess forRestore(InstanceInput in) {
    return in.restore()
        .map(Restore::from)
        .map(from ->
            new RepositoryAccess(
                from.repository(),
                Optional.ofNullable(from.instance()).orElse(in.namespace() + "/" + in.name()),
                Optional.ofNullable(from.credentialsSecretRef()).map(LocalRef::name),
                from.passwordSecretRef()))
        .orElseGet(() -> of(in));
  }

  /** Returns the repository in restic's notation. */
  public String url() {
    var s3 = repository.s3();
    var rest = repository.rest();
    var sftp = repository.sftp();
    if (s3 != null) {
      var folder = Optional.ofNullable(s3.prefix()).orElse(prefix);
      return "s3:" + s3.endpoint() + "/" + s3.bucket() + "/" + folder;
    }
    if (rest != null) {
      return "rest:" + rest.url();
    }
    if (sftp != null) {
      var port = Optional.ofNullable(sftp.port()).orElse(Defaults.SFTP_PORT);
      return "sftp://" + sftp.user() + "@" + sftp.host() + ":" + port + "/" + sftp.path();
    }
    return VOLUME;
  }

  /** Whether a pod worked with this repository, and not with one that was configured before. */
  public boolean isOf(InstanceInput in, PodSpec pod) {
    var address = new EnvVar(ADDRESS, url(), null);
    var usesAddress =
        Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
            .anyMatch(container -> container.getEnv().contains(address));
    var claim =
        volumes(in).stream().filter(volume -> volume.getPersistentVolumeClaim() != null).toList();
    return usesAddress && pod.getVolumes().containsAll(claim);
  }

  List<EnvVar> env() {
    var env = new ArrayList<EnvVar>();
    env.add(new EnvVar(ADDRESS, url(), null));
    env.add(EnvSources.secret("RESTIC_PASSWORD", password));
    env.add(new EnvVar("RESTIC_CACHE_DIR", "/tmp/restic", null));
    var s3 = repository.s3();
    if (s3 != null && s3.region() != null) {
      env.add(new EnvVar("AWS_DEFAULT_REGION", s3.region(), null));
    }
    return env;
  }

  /** An SSH key is mounted as a file, not passed in the environment. */
  List<EnvFromSource> envFrom() {
    return repository.sftp() != null
        ? List.of()
        : credentials.stream()
            .map(name ->
                new EnvFromSourceBuilder().withNewSecretRef().withName(name).endSecretRef().build())
            .toList();
  }

  List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    if (repository.volume() != null) {
      mounts.add(mount("repository", VOLUME, null));
    }
    if (repository.sftp() != null) {
      credentials.ifPresent(_ -> mounts.add(mount("credentials", CREDENTIALS, null)));
      // ssh requires its user in /etc/passwd, and has no option for another home directory.
      mounts.add(mount("jobs", "/etc/passwd", JobFiles.PASSWD));
      mounts.add(mount("jobs", "/etc/ssh/ssh_config", JobFiles.SSH_CONFIG));
    }
    return mounts;
  }

  List<Volume> volumes(InstanceInput in) {
    var volumes = new ArrayList<Volume>();
    var volume = repository.volume();
    if (volume != null) {
      volumes.add(
          new VolumeBuilder()
              .withName("repository")
              .withNewPersistentVolumeClaim(claim(in, volume), null)
              .build());
    }
    if (repository.sftp() != null) {
      credentials.ifPresent(name ->
          volumes.add(
              new VolumeBuilder()
                  .withName("credentials")
                  .withNewSecret()
                  .withSecretName(name)
                  .withDefaultMode(0440)
                  .endSecret()
                  .build()));
    }
    return volumes;
  }

  private static String claim(InstanceInput in, VolumeRepository volume) {
    return Optional.ofNullable(volume.existingClaim()).orElse(Names.backupRepository(in.name()));
  }

  private static VolumeMount mount(String name, String path, @Nullable String file) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withSubPath(file)
        .withReadOnly(!VOLUME.equals(path))
        .build();
  }
}
