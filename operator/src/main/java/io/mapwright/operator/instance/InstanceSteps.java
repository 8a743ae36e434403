package io.mapwright.operator.instance;

import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.facts.Gathered;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.EventReader;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.OldestClaimants;
import io.mapwright.operator.kube.OptionalKinds;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.kube.PlanApplier;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.model.GeneratedSecrets;
import io.mapwright.operator.model.NamespacedName;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.plan.Decisions;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import io.mapwright.operator.table.LiveTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The components that perform the steps of a pass over an instance, created once. */
public final class InstanceSteps {
  private final OldestClaimants<MapwrightInstance> hosts =
      new OldestClaimants<>(InstanceSteps::hosts);
  private final SharedCache<MapwrightInstance> instances;
  private final KeySources keys;
  private final KeyBackupWriter keyBackups;
  private final InstanceSecrets secrets;
  private final ServedNamespaces served;
  private final TrustedStatus trusted;
  private final GatewayFleet fleet;
  private final ImageProof proof;
  private final CauseFinder causes;
  private final InstanceGatherer gatherer;
  private final SecretGenerator generator;
  private final OptionalKinds kinds;
  private final PlanApplier applier;
  private final RestoreActions restores;
  private final GatewayPush push;
  private final AllowedNamespaces allowedNamespaces;
  private final StatusWriter writer;
  private final FinalBackupFlow finalBackup;

  public InstanceSteps(
      OperatorSettings operator,
      Capabilities capabilities,
      GatewayFleet fleet,
      Events events,
      EventReader eventReader,
      SharedCache<MapwrightInstance> instances,
      KeySources keys,
      KeyBackupWriter keyBackups,
      InstanceSecrets secrets,
      SecretNames secretNames,
      ServedNamespaces served,
      StatusSeal seal,
      Clock clock,
      SecureRandom random) {
    this.instances = instances;
    this.keys = keys;
    this.keyBackups = keyBackups;
    this.secrets = secrets;
    this.served = served;
    this.fleet = fleet;
    trusted = new TrustedStatus(seal);
    var probe = new MapProbe(GatewayPorts.DEFAULTS.internal(), MapProbe.Timeouts.DEFAULT);
    proof = new ImageProof(probe::failure, instances::requeue, System::nanoTime);
    causes = new CauseFinder(eventReader::newest, instances::requeue, System::nanoTime);
    var sources = new OwnedSources(secrets, served.wanted());
    var objects = new Applier(sources);
    var conflicts =
        new NamespaceConflictFinder(hosts, secrets, secretNames, keys, capabilities, operator);
    gatherer =
        new InstanceGatherer(
            sources, capabilities, operator, fleet, secrets, conflicts, proof, causes, clock);
    generator = new SecretGenerator(random, clock);
    kinds = new OptionalKinds(sources, capabilities);
    applier = new PlanApplier(sources, objects);
    restores = new RestoreActions(sources, objects, keys);
    push = new GatewayPush(fleet, clock, random);
    allowedNamespaces = new AllowedNamespaces(keys, served);
    writer = new StatusWriter(seal, events);
    finalBackup =
        new FinalBackupFlow(
            gatherer, generator, applier, keyBackups, new FinalBackupEvents(events, clock), writer);
  }

  /** Whether everything that a pass needs is known. */
  boolean ready(MapwrightInstance instance) {
    return trusted.judged(instance)
        && keys.synced()
        && !served.joins(instance.getMetadata().getNamespace());
  }

  /** Starts the background queries whose answers the next pass needs. */
  void ask(Decisions decisions, NamespacedName id) {
    proof.follow(id, decisions.proof());
    causes.follow(id, decisions.events());
  }

  /** Pushes what is stored, not what was generated in this pass and may not have been stored. */
  void push(Gathered gathered, InstanceFacts facts, PlanApplier.Outcome applied, LiveTable table) {
    var before = gathered.in().generatedSecrets();
    var made = facts.in().generatedSecrets();
    var stored =
        new GeneratedSecrets(
            applied.applied().contains(InstancePlan.CONTROL) ? made.control() : before.control(),
            applied.applied().contains(InstancePlan.SESSIONS) ? made.sessions() : before.sessions(),
            before.backupPassword());
    push.push(facts, gathered.instance(), gathered.pods(), stored, table, keys.keyring());
  }

  void forget(NamespacedName id) {
    fleet.forget(id);
    keys.keyring().close(id);
    keyBackups.forget(id);
    secrets.forget(id);
    proof.forget(id);
    causes.forget(id);
  }

  void instanceChanged(@Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    hosts.changed(before, now);
  }

  private static List<String> hosts(MapwrightInstance instance) {
    var control = instance.getSpec().controlPlane();
    var hosts = new ArrayList<>(instance.getSpec().hosts());
    if (control != null) {
      hosts.addAll(control.hosts());
    }
    return hosts;
  }

  SharedCache<MapwrightInstance> instances() {
    return instances;
  }

  KeySources keys() {
    return keys;
  }

  KeyBackupWriter keyBackups() {
    return keyBackups;
  }

  InstanceGatherer gatherer() {
    return gatherer;
  }

  SecretGenerator generator() {
    return generator;
  }

  OptionalKinds kinds() {
    return kinds;
  }

  PlanApplier applier() {
    return applier;
  }

  RestoreActions restores() {
    return restores;
  }

  AllowedNamespaces allowedNamespaces() {
    return allowedNamespaces;
  }

  StatusWriter writer() {
    return writer;
  }

  FinalBackupFlow finalBackup() {
    return finalBackup;
  }
}
