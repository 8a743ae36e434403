package io.mapwright.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.mapwright.operator.api.v1alpha1.LocalRef;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceSpec;
import io.mapwright.operator.api.v1alpha1.SecretKeyRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretUseTest {
  /** References to objects of other kinds. */
  private static final Set<String> NO_SECRETS = Set.of("configMapRef");

  private static final String EVERYWHERE =
      """
      hosts: [maps.example.com]
      server:
        image: "maps:1"
        env: [{name: A, secretKeyRef: {name: s1, key: a}}, {name: B, value: plain}]
        envFrom: [{secretRef: {name: s2}}, {configMapRef: {name: no}}]
        imagePullSecrets: [{name: s3}]
        database: {urlSecretRef: {name: s4, key: a}}
      tls: {secretName: s5}
      backup:
        schedule: "@daily"
        repository: {volume: {size: 1Gi}}
        credentialsSecretRef: {name: s6}
        passwordSecretRef: {name: s7, key: a}
        postgres: {urlSecretRef: {name: s8, key: a}}
        hooks:
          before: {command: [a], envFrom: [{secretRef: {name: s9}}]}
          after: {command: [a], envFrom: [{secretRef: {name: s10}}]}
      restore:
        id: once
        from:
          repository: {volume: {existingClaim: old}}
          credentialsSecretRef: {name: s11}
          passwordSecretRef: {name: s12, key: a}
      """;

  @Test
  void everySecretThatASpecCanNameIsFound() {
    assertThat(SecretUse.in(Given.instance(EVERYWHERE).getSpec()))
        .extracting(SecretUse::name)
        .containsExactlyInAnyOrder(
            "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12");
    assertThat(SecretUse.in(Given.instance(Given.SMALLEST).getSpec())).isEmpty();
  }

  /** A field that is new and names a Secret has to be in {@link SecretUse} and in this test. */
  @Test
  void noOtherFieldNamesASecret() {
    var found = new TreeSet<String>();
    fields(MapwrightInstanceSpec.class, new HashSet<>(), found);
    assertThat(found)
        .containsExactlyInAnyOrder(
            "Backup.credentialsSecretRef",
            "Backup.passwordSecretRef",
            "Database.urlSecretRef",
            "EnvFrom.secretRef",
            "EnvVar.secretKeyRef",
            "Postgres.urlSecretRef",
            "RestoreSource.credentialsSecretRef",
            "RestoreSource.passwordSecretRef",
            "Server.imagePullSecrets",
            "Tls.secretName");
  }

  private static void fields(Class<?> type, Set<Class<?>> seen, Set<String> found) {
    if (!type.isRecord() || !seen.add(type)) {
      return;
    }
    for (var field : type.getRecordComponents()) {
      var types = types(field.getGenericType()).toList();
      if (namesASecret(field, types)) {
        found.add(type.getSimpleName() + "." + field.getName());
      }
      types.forEach(part -> fields(part, seen, found));
    }
  }

  private static boolean namesASecret(RecordComponent field, java.util.List<Class<?>> types) {
    return !NO_SECRETS.contains(field.getName())
        && (types.contains(LocalRef.class)
            || types.contains(SecretKeyRef.class)
            || field.getName().toLowerCase(java.util.Locale.ROOT).contains("secret"));
  }

  private static Stream<Class<?>> types(Type type) {
    return type instanceof ParameterizedType generic
        ? Arrays.stream(generic.getActualTypeArguments()).flatMap(SecretUseTest::types)
        : Stream.of((Class<?>) type);
  }
}
