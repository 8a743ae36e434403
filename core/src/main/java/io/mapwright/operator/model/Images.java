package io.mapwright.operator.model;

import io.mapwright.operator.api.v1alpha1.Backup;
import io.mapwright.operator.api.v1alpha1.Defaults;
import io.mapwright.operator.api.v1alpha1.Hook;
import io.mapwright.operator.api.v1alpha1.Hooks;
import io.mapwright.operator.api.v1alpha1.Postgres;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All images that the pods of an instance run, by the field that names each. */
public final class Images {
  /** PostgreSQL's, where nobody names one. */
  private Images() {}

  /** Returns field to image, the server first; defaults stand at the field that replaces them. */
  public static Map<String, String> of(InstanceInput in) {
    var images = new LinkedHashMap<String, String>();
    images.put("server.image", in.server().image());
    images.put("gateway.image", in.gatewayImage());
    if (in.usesRepository()) {
      images.put("backup.image", in.backupImage());
    }
    in.postgres().ifPresent(postgres -> images.put("backup.postgres.image", of(postgres)));
    var hooks = in.backup().map(Backup::hooks);
    put(images, "backup.hooks.before.image", hooks.map(Hooks::before).orElse(null));
    put(images, "backup.hooks.after.image", hooks.map(Hooks::after).orElse(null));
    return images;
  }

  public static String of(Postgres postgres) {
    return Optional.ofNullable(postgres.image()).orElse(Defaults.POSTGRES_IMAGE);
  }

  /** A hook without an image takes the server's, which is judged at its own field. */
  private static void put(Map<String, String> images, String field, @Nullable Hook hook) {
    if (hook != null && hook.image() != null) {
      images.put(field, hook.image());
    }
  }
}
