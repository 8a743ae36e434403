package io.mapwright.operator.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.KeyDigest;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.keyring.KeyCompiler;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels;
import io.mapwright.operator.recovery.KeyRecord;
import io.mapwright.operator.recovery.KeyShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the keys of a snapshot again, from the log of the container that prints them. What this
 * cluster knows counts more: a digest that any key here has or had is left alone, so none that was
 * revoked here opens again.
 */
public final class KeyReturn {
  /** Name of the container whose log holds the keys' files. */
  public static final String CONTAINER = "keys";

  private static final Logger log = LoggerFactory.getLogger(KeyReturn.class);

  private final KubernetesClient client;
  private final MapwrightInstance instance;
  private final Set<String> digests = new HashSet<>();
  private final Map<String, ApiKey> names = new HashMap<>();

  /**
   * Prepares for an instance.
   *
   * @param known all keys of the cluster that the operator sees
   */
  public KeyReturn(KubernetesClient client, MapwrightInstance instance, Stream<ApiKey> known) {
    this.client = client;
    this.instance = instance;
    known.forEach(key -> {
      digests.addAll(digests(key));
      names.put(name(key.getMetadata().getNamespace(), key.getMetadata().getName()), key);
    });
  }

  /**
   * Reads the pod's log and makes what is missing; doing it again makes nothing twice.
   *
   * @return number of keys of the snapshot that are now here because of it
   * @throws KubernetesClientException if it is worth another try
   * @throws IOException if the log is not what the pod ought to have printed
   */
  public int from(String pod) throws IOException {
    var namespace = instance.getMetadata().getNamespace();
    var text = client.pods().inNamespace(namespace).withName(pod).inContainer(CONTAINER).getLog();
    var count = 0;
    for (var record : records(text)) {
      if (restore(record)) {
        count++;
      }
    }
    return count;
  }

  private static List<KeyRecord> records(String text) throws IOException {
    var files = new TreeMap<String, StringBuilder>();
    for (var line : text.lines().toList()) {
      var blank = line.indexOf(' ');
      if (blank > 0) {
        files
            .computeIfAbsent(line.substring(0, blank), _ -> new StringBuilder())
            .append(line, blank + 1, line.length());
      }
    }
    var records = new ArrayList<KeyRecord>();
    for (var file : files.values()) {
      try {
        records.addAll(KeyShard.decode(Base64.getDecoder().decode(file.toString())));
      } catch (IllegalArgumentException e) {
        throw new IOException("the log of the keys is cut or was mixed with other lines", e);
      }
    }
    return records;
  }

  private boolean restore(KeyRecord record) {
    var meta = instance.getMetadata();
    var namespace = Optional.ofNullable(record.namespace()).orElse(meta.getNamespace());
    if (digests.contains(record.digest()) || !InstanceInput.admits(instance, namespace)) {
      return false;
    }
    var name = record.name();
    var namesake = names.get(name(namespace, name));
    if (namesake != null && Boolean.TRUE.equals(namesake.getSpec().revoked())) {
      return false;
    }
    if (namesake != null) {
      // Made anew with another digest, as from Git; clients still have the old one.
      name =
          name.substring(0, Math.min(name.length(), 230)) + "-" + record.digest().substring(0, 8);
    }
    for (var policy : record.policies().entrySet()) {
      var made = new OriginPolicy();
      made.setMetadata(metadata(namespace, policy.getKey()));
      made.setSpec(policy.getValue());
      create(made);
    }
    var key = new ApiKey();
    key.setMetadata(metadata(namespace, name));
    key.setSpec(
        record.opening(
            meta.getName(), namespace.equals(meta.getNamespace()) ? null : meta.getNamespace()));
    create(key);
    digests.add(record.digest());
    return true;
  }

  private static ObjectMeta metadata(String namespace, String name) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(name)
        .addToAnnotations(Labels.RESTORED, "true")
        .build();
  }

  private <R extends io.fabric8.kubernetes.api.model.HasMetadata> void create(R object) {
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      // There already: a policy of several keys, or a try before this one.
      log.debug("{} {} exists", object.getKind(), object.getMetadata().getName());
    }
  }

  private static List<String> digests(ApiKey key) {
    var current = Optional.ofNullable(key.getStatus()).map(ApiKeyStatus::current);
    return Stream.concat(KeyCompiler.everyDigest(key), current.map(KeyDigest::sha256).stream())
        .toList();
  }

  private static String name(String namespace, String name) {
    return namespace + "/" + name;
  }
}
