package io.mapwright.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.PushError;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.model.ServedCertificate;
import io.mapwright.operator.workload.EnvSources;
import io.mapwright.operator.workload.PodSecurity;
import io.mapwright.operator.workload.ServerContainer;
import io.mapwright.operator.workload.Sizing;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The walls between packages. An arrow that is not here is not wanted. */
@AnalyzeClasses(packages = "io.mapwright.operator", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "io.mapwright.operator.";
  private static final String[] FEATURES = {
    ROOT + "workload..",
    ROOT + "network..",
    ROOT + "tls..",
    ROOT + "exposure..",
    ROOT + "backup..",
    ROOT + "observability.."
  };

  private static final String[] STEPS = {
    ROOT + "facts..", ROOT + "check..", ROOT + "plan..", ROOT + "report.."
  };

  /** What is known of a replica, in the words of anyone who reports it. */
  private static final DescribedPredicate<JavaClass> REPLICAS =
      belongToAnyOf(ReplicaState.class, PushError.class).as("states of replicas");

  /** The JDK, annotations, and the values of the Kubernetes API. */
  private static final DescribedPredicate<JavaClass> VALUES =
      resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "com.fasterxml.jackson.annotation..",
              "io.fabric8.kubernetes.api..",
              "io.fabric8.certmanager.api..",
              "io.fabric8.openshift.api..")
          .as("values");

  /** Its settings, entries and problem codes; what renders its configuration is neither. */
  private static final DescribedPredicate<JavaClass> GATEWAY_VALUES =
      resideInAPackage(ROOT + "gateway..")
          .and(
              DescribedPredicate.<JavaClass>describe(
                      "values", type -> type.isRecord() || type.isEnum() || type.isInterface())
                  .or(belongToAnyOf(ApiKeyFormat.class)))
          .as("values of the gateway");

  /** Choices that stand in a spec and mean the same in the gateway. */
  private static final DescribedPredicate<JavaClass> CHOICES =
      resideInAPackage(ROOT + "api..")
          .and(DescribedPredicate.<JavaClass>describe("enums", JavaClass::isEnum))
          .as("enums of the API");

  private ArchitectureTest() {}

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule API_KNOWS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "api..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.mapwright..").and(not(resideInAPackage(ROOT + "api.."))));

  @ArchTest
  static final ArchRule MODEL_KNOWS_THE_API =
      classes()
          .that()
          .resideInAPackage(ROOT + "model..")
          .should()
          .onlyDependOnClassesThat(VALUES.or(resideInAnyPackage(ROOT + "model..", ROOT + "api..")));

  @ArchTest
  static final ArchRule STATUS_KNOWS_NOBODY =
      classes()
          .that()
          .resideInAPackage(ROOT + "status..")
          .should()
          .onlyDependOnClassesThat(VALUES.or(resideInAPackage(ROOT + "status..")));

  /** It explains; anyone who decides on something reads it elsewhere. */
  @ArchTest
  static final ArchRule CAUSES_ARE_FUNCTIONS_OF_WHAT_WAS_SEEN =
      classes()
          .that()
          .resideInAPackage(ROOT + "cause..")
          .should()
          .onlyDependOnClassesThat(
              VALUES.or(
                  resideInAnyPackage(
                      ROOT + "cause..", ROOT + "api..", ROOT + "model..", ROOT + "status..")));

  @ArchTest
  static final ArchRule GATEWAY_KNOWS_THE_JDK_AND_THE_CHOICES_OF_A_SPEC =
      classes()
          .that()
          .resideInAPackage(ROOT + "gateway..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", ROOT + "gateway..").or(CHOICES));

  /** A model that read the configuration would repeat its mistakes. */
  @ArchTest
  static final ArchRule DECISIONS_KNOW_THE_GATEWAYS_VALUES_ONLY =
      classes()
          .that()
          .resideInAPackage(ROOT + "decision..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", ROOT + "decision..")
                  .or(GATEWAY_VALUES)
                  .or(CHOICES));

  @ArchTest
  static final ArchRule PUSH_KNOWS_NO_KUBERNETES =
      classes()
          .that()
          .resideInAPackage(ROOT + "push..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "javax.net..",
                      "org.jspecify..",
                      "org.slf4j..",
                      ROOT + "push..",
                      ROOT + "table..",
                      ROOT + "pki..")
                  .or(REPLICAS)
                  .or(belongToAnyOf(NamespacedName.class)));

  @ArchTest
  static final ArchRule PKI_KNOWS_CERTIFICATES =
      classes()
          .that()
          .resideInAPackage(ROOT + "pki..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "javax.net..",
                      "javax.security..",
                      "org.jspecify..",
                      "org.bouncycastle..",
                      ROOT + "pki..")
                  .or(belongToAnyOf(ServedCertificate.class)));

  @ArchTest
  static final ArchRule TABLE_KNOWS_THE_JDK =
      classes()
          .that()
          .resideInAPackage(ROOT + "table..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", ROOT + "table.."));

  /** It is told of keys and answers with a table; who watches and who pushes is not its concern. */
  @ArchTest
  static final ArchRule KEYRING_IS_A_FUNCTION_OF_OBJECTS =
      classes()
          .that()
          .resideInAPackage(ROOT + "keyring..")
          .should()
          .onlyDependOnClassesThat(
              VALUES.or(
                  resideInAnyPackage(
                      ROOT + "keyring..",
                      ROOT + "api..",
                      ROOT + "model..",
                      ROOT + "status..",
                      ROOT + "gateway..",
                      ROOT + "table..")));

  /** What a pass is made of, except for its first and its fourth step. */
  @ArchTest
  static final ArchRule A_PASS_IS_PURE_BETWEEN_READING_AND_WRITING =
      classes()
          .that()
          .resideInAnyPackage(STEPS)
          .should()
          .onlyDependOnClassesThat(
              VALUES
                  .or(resideInAnyPackage(STEPS))
                  .or(resideInAnyPackage(FEATURES))
                  .or(
                      resideInAnyPackage(
                          "com.cronutils..",
                          "com.fasterxml.jackson.databind..",
                          ROOT + "api..",
                          ROOT + "model..",
                          ROOT + "status..",
                          ROOT + "gateway..",
                          ROOT + "cause..",
                          ROOT + "update..",
                          ROOT + "recovery..")));

  @ArchTest
  static final ArchRule FEATURES_ARE_FUNCTIONS_OF_THE_MODEL =
      classes()
          .that()
          .resideInAnyPackage(FEATURES)
          .should()
          .onlyDependOnClassesThat(
              VALUES
                  .or(
                      resideInAnyPackage(
                          ROOT + "api..", ROOT + "model..", ROOT + "status..", ROOT + "gateway.."))
                  .or(resideInAnyPackage(FEATURES)));

  /** What every pod of ours has in common lives in workload; nothing else is shared. */
  @ArchTest
  static final ArchRule FEATURES_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching(ROOT + "(workload|network|tls|exposure|backup|observability)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage(ROOT + "backup.."),
              belongToAnyOf(
                  EnvSources.class, PodSecurity.class, ServerContainer.class, Sizing.class));

  @ArchTest
  static final ArchRule PURE_PARTS_HAVE_NEITHER_CLOCK_NOR_CHANCE_NOR_FILES =
      noClasses()
          .that()
          .resideInAnyPackage(FEATURES)
          .or()
          .resideInAnyPackage(STEPS)
          .or()
          .resideInAnyPackage(
              ROOT + "model..", ROOT + "status..", ROOT + "decision..", ROOT + "keyring..")
          .should()
          .dependOnClassesThat(
              belongToAnyOf(
                      Clock.class,
                      Random.class,
                      RandomGenerator.class,
                      SecureRandom.class,
                      System.class,
                      Thread.class)
                  .or(
                      resideInAnyPackage(
                          "java.nio.file..",
                          "java.net.http..",
                          "java.util.logging..",
                          "org.slf4j..")));

  @ArchTest
  static final ArchRule DECISIONS_ARE_PURE =
      noClasses()
          .that(
              simpleNameEndingWith("Rules")
                  .or(simpleNameEndingWith("Report"))
                  .or(simpleNameEndingWith("Plan"))
                  .or(simpleNameEndingWith("Lifecycle"))
                  .or(simpleNameEndingWith("Compiler")))
          .should()
          .dependOnClassesThat(
              belongToAnyOf(Clock.class, Random.class, SecureRandom.class)
                  .or(
                      resideInAnyPackage(
                          "io.fabric8.kubernetes.client..",
                          "java.io..",
                          "java.nio.file..",
                          "org.slf4j..")));

  /** CustomResource, the base class of our kinds, lives in the client's artifact. */
  @ArchTest
  static final ArchRule FEW_TALK_TO_THE_API_SERVER =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              ROOT + "api..",
              ROOT + "kube..",
              ROOT + "instance..",
              ROOT + "apikey..",
              ROOT + "originpolicy..")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + "MapwrightOperator")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + "Main")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
                  .and(not(simpleNameEndingWith("CustomResource"))));

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_THING_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameStartingWith("Abstract")
          .orShould()
          .haveSimpleNameEndingWith("Constants");
}
