package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.RestorePhase;
import io.mapwright.operator.check.InstanceRules;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.JobOutcome;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.gateway.GatewayPorts;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.EventReader;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.FinalBackupFinalizer;
import io.mapwright.operator.kube.InstanceSecrets;
import io.mapwright.operator.kube.KeyBackupWriter;
import io.mapwright.operator.kube.KeyRestorer;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.OldestClaimants;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.kube.RestoreRecords;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.kube.StatusRepairLimiter;
import io.mapwright.operator.model.Admission;
import io.mapwright.operator.model.DeletionProgress;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.LogRetentionDecision;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.model.ServedCertificate;
import io.mapwright.operator.pki.CertificatePair;
import io.mapwright.operator.pki.ControlCa;
import io.mapwright.operator.pki.ControlCredentials;
import io.mapwright.operator.plan.FinalBackupDecision;
import io.mapwright.operator.plan.InstancePlan;
import io.mapwright.operator.plan.InstancePlan.Planned;
import io.mapwright.operator.plan.PlanRow;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.Terms;
import io.mapwright.operator.report.InstanceReport;
import io.mapwright.operator.report.RestoreLifecycle;
import io.mapwright.operator.report.UnreachableReplicas;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import io.mapwright.operator.table.LiveTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over a MapwrightInstance: gather, check, plan and apply, push, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(
    name = InstanceReconciler.NAME,
    fieldManager = Applier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class InstanceReconciler implements Reconciler<MapwrightInstance> {
  public static final String NAME = "mapwrightinstance";

  private static final Logger log = LoggerFactory.getLogger(InstanceReconciler.class);

  /** While an older instance holds a host, or something else is to be mended: look again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final Duration STEP = Duration.ofMillis(200);

  private static final Duration UNSYNCED = Duration.ofMillis(200);

  private final InstanceSecrets secrets;
  private final OwnedSources sources;
  private final Applier applier;
  private final Capabilities capabilities;
  private final GatewayFleet fleet;
  private final InstanceGatherer gatherer;
  private final Events events;
  private final FinalBackupEvents finalBackupEvents;
  private final SharedCache<MapwrightInstance> instances;
  private final KeySources keys;
  private final KeyBackupWriter ledger;
  private final ServedNamespaces served;
  private final StatusSeal seal;
  private final TrustedStatus trusted;
  private final StatusRepairLimiter putBacks = new StatusRepairLimiter();
  private final ImageProof proof;
  private final CauseFinder causes;
  private final Clock clock;
  private final SecureRandom random;

  public InstanceReconciler(
      OperatorSettings operator,
      Capabilities capabilities,
      GatewayFleet fleet,
      Events events,
      EventReader eventReader,
      SharedCache<MapwrightInstance> instances,
      KeySources keys,
      KeyBackupWriter ledger,
      InstanceSecrets secrets,
      SecretNames secretNames,
      ServedNamespaces served,
      StatusSeal seal,
      Clock clock,
      SecureRandom random) {
    this.capabilities = capabilities;
    this.fleet = fleet;
    this.events = events;
    finalBackupEvents = new FinalBackupEvents(events, clock);
    this.instances = instances;
    this.keys = keys;
    this.ledger = ledger;
    this.secrets = secrets;
    this.served = served;
    sources = new OwnedSources(secrets, served.wanted());
    applier = new Applier(sources);
    this.seal = seal;
    trusted = new TrustedStatus(seal);
    this.clock = clock;
    this.random = random;
    var generator = new SecretGenerator(random, clock);
    var probe = new MapProbe(GatewayPorts.DEFAULTS.internal(), MapProbe.Patience.DEFAULT);
    proof = new ImageProof(probe::failure, instances::requeue, System::nanoTime);
    causes = new CauseFinder(eventReader::newest, instances::requeue, System::nanoTime);
    gatherer =
        new InstanceGatherer(
            sources,
            capabilities,
            operator,
            fleet,
            generator,
            secrets,
            new OldestClaimants<>(instances, InstanceReconciler::hosts),
            proof,
            causes,
            secretNames,
            keys,
            clock);
  }

  @Override
  public List<EventSource<?, MapwrightInstance>> prepareEventSources(
      EventSourceContext<MapwrightInstance> context) {
    var result = new ArrayList<EventSource<?, MapwrightInstance>>();
    result.add(instances.attach(context, Map.of()));
    ledger.start(keys);
    result.add(sources.create(Pod.class, context));
    for (var part : InstancePlan.parts()) {
      if (part.needs().map(capabilities.present()::contains).orElse(true)
          && !sources.knows(part.kind())) {
        result.add(sources.create(part.kind(), context));
      }
    }
    return result;
  }

  @Override
  public UpdateControl<MapwrightInstance> reconcile(
      MapwrightInstance given, Context<MapwrightInstance> context) {
    var id = ResourceID.fromResource(given);
    if (context.isPrimaryResourceDeleted()) {
      forget(id);
    }
    // One that was made again while the pass for its deletion waited is served at once.
    var instance = context.isPrimaryResourceDeleted() ? instances.get(id).orElse(null) : given;
    if (instance == null
        || (FinalBackupDecision.begun(instance) && !FinalBackupFinalizer.on(instance))) {
      return UpdateControl.noUpdate();
    }
    if (FinalBackupDecision.begun(instance) && !FinalBackupDecision.asked(instance)) {
      // The user thought better of it, or leaves everything behind as it is.
      ledger.attach(instance);
      FinalBackupFinalizer.lift(instance, context.getClient());
      return UpdateControl.noUpdate();
    }
    if (!trusted.judged(instance)) {
      // Its event is on the way.
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(UNSYNCED);
    }
    if (!keys.synced() || served.joins(id.getNamespace().orElse(""))) {
      // What is not listed yet is not absent: an empty table would cut keys that are valid.
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(UNSYNCED);
    }
    var keyring = keys.keyring();
    followCapabilities(context);
    var table = keyring.open(instance);
    var facts = gatherer.gather(instance);
    if (FinalBackupDecision.begun(instance)) {
      push(facts, instance, table, keyring);
      return end(facts, instance, context);
    }
    var problems = new ArrayList<>(InstanceRules.check(facts).stream().toList());
    if (!rejected(problems) && !Boolean.TRUE.equals(instance.getSpec().paused())) {
      problems.addAll(apply(facts, instance, context));
    }
    FinalBackupFinalizer.follow(instance, FinalBackupDecision.asked(instance), context.getClient())
        .ifPresent(problems::add);
    guestsWithoutLabels(instance).ifPresent(problems::add);
    guestsUnseen(instance).ifPresent(problems::add);
    push(facts, instance, table, keyring);
    if (problems.stream().noneMatch(problem -> problem.reason() == Reason.OwnSecret)) {
      ledger.follow(instance);
      ledger.missing(id).ifPresent(problems::add);
    }
    var recorded = recordRestore(facts, problems, context);
    return report(
        recreateKeys(recorded, instance, context), problems, instance, context.getClient());
  }

  private Optional<Problem> guestsWithoutLabels(MapwrightInstance instance) {
    return Admission.asksForLabels(Optional.ofNullable(instance.getSpec().access()))
            && !keys.knowsNamespaceLabels()
        ? Optional.of(
            new Problem(
                ConditionType.Applied,
                Reason.NamespaceLabelsUnknown,
                "access.allowedNamespaces.namespaceLabels admits nobody: this operator does not see the labels of namespaces; name each namespace, or have the operator watch all"))
        : Optional.empty();
  }

  /** Keys that can not be seen open nothing; those of the others do. */
  private Optional<Problem> guestsUnseen(MapwrightInstance instance) {
    return served.left().stream()
        .filter(namespace -> Admission.of(instance, namespace, Map.of()).admitted())
        .findFirst()
        .map(namespace ->
            new Problem(
                ConditionType.Applied,
                Reason.Forbidden,
                "access.allowedNamespaces: keys of "
                    + namespace
                    + " open nothing, for "
                    + ServedNamespaces.why(namespace)));
  }

  /** One that is being deleted and waits for its final backup. */
  private UpdateControl<MapwrightInstance> end(
      InstanceFacts facts, MapwrightInstance instance, Context<MapwrightInstance> context) {
    if (facts.in().ending().filter(DeletionProgress::detaches).isPresent()) {
      ledger.detach(instance);
    }
    var problems = apply(facts, instance, context);
    var hopeless =
        problems.stream().filter(problem -> problem.reason() != Reason.ReconcileFailed).findFirst();
    var ending = facts.in().ending().orElseThrow();
    if (!ending.over() && hopeless.isEmpty()) {
      return report(facts, problems, instance, context.getClient());
    }
    if (!ending.over()) {
      ending = gatherer.farewell(instance, facts.in(), facts.backups()).lost(hopeless.get());
      var _ = apply(facts.with(ending), instance, context);
    }
    finalBackupEvents.tell(instance, ending);
    // What a Job needs goes with the instance, and a volume does not go while a pod names it.
    var backup = gatherer.finalBackup(facts.in());
    var obsolete = new JobOutcome(backup).unfinished() || facts.in().deletesData();
    ledger.attach(instance);
    FinalBackupFinalizer.release(instance, backup.filter(_ -> obsolete), context.getClient());
    return UpdateControl.noUpdate();
  }

  @Override
  public ErrorStatusUpdateControl<MapwrightInstance> updateErrorStatus(
      MapwrightInstance instance, Context<MapwrightInstance> context, Exception e) {
    return ReconcileFailure.control(instance, e);
  }

  /** A gateway answered, or stopped answering: starts a pass, or ends the work for what is gone. */
  public void gatewayChanged(ResourceID id) {
    if (instances.get(id).isPresent()) {
      instances.requeue(id);
    } else {
      forget(id);
    }
  }

  private void forget(ResourceID id) {
    fleet.forget(id.getNamespace().orElse("") + "/" + id.getName());
    keys.keyring().close(id);
    ledger.forget(id);
    secrets.forget(id);
    proof.forget(id);
    causes.forget(id);
  }

  private boolean synced(Class<? extends HasMetadata> kind) {
    return sources.knows(kind) && OwnedSources.synced(sources.of(kind));
  }

  /** A certificate that can not be used holds up the pods, not the rest: it may mend the cause. */
  private static boolean rejected(List<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.type() == ConditionType.Accepted);
  }

  private List<Problem> apply(
      InstanceFacts facts, MapwrightInstance instance, Context<MapwrightInstance> context) {
    var problems = new ArrayList<Problem>();
    var plan = InstancePlan.of(facts.in());
    for (var planned : plan) {
      if (held(planned.part(), facts)) {
        continue;
      }
      var problem = apply(planned, facts.in(), context);
      problem.ifPresent(problems::add);
      if (problem.isPresent() && planned.part().essential()) {
        return problems;
      }
    }
    if (facts.in().ending().isPresent()) {
      // The rest goes with the instance.
      return problems;
    }
    for (var kind : prunable()) {
      prune(kind, plan, instance, context).ifPresent(problems::add);
    }
    return problems;
  }

  private <R extends HasMetadata> Optional<Problem> apply(
      Planned<R> planned, InstanceInput in, Context<MapwrightInstance> context) {
    var part = planned.part();
    if (!part.possible(in) || !sources.knows(part.kind())) {
      // The certificate and the monitor have conditions of their own.
      return part.needs()
          .filter(missing -> missing == io.mapwright.operator.model.Capability.HTTP_ROUTE)
          .map(missing ->
              new Problem(
                  ConditionType.Applied, Reason.KindAbsent, InstanceReport.absent(missing)));
    }
    return applier.apply(part.kind(), planned.desired(), part.once(), context);
  }

  /**
   * Without a certificate a new pod could only wait, and the kubelet looks for it ever more rarely.
   */
  private static boolean held(PlanRow<?> part, InstanceFacts facts) {
    var unusable = facts.certificate().flatMap(pair -> pair.problem(facts.now())).isPresent();
    var missing = facts.deployment().isEmpty() && facts.certificate().isEmpty();
    return switch (part.id()) {
      case InstancePlan.DEPLOYMENT -> (unusable || missing) && !facts.in().stopped();
      // One that was deleted after its work is not made again.
      case InstancePlan.RESTORE ->
          facts.in().restorePhase().filter(phase -> phase == RestorePhase.Filling).isEmpty();
      default -> false;
    };
  }

  /** Data goes with its instance if the user wants that, and never by a change of the spec. */
  private static Set<Class<? extends HasMetadata>> prunable() {
    return InstancePlan.parts().stream()
        .<Class<? extends HasMetadata>>map(PlanRow::kind)
        .filter(kind -> !kind.equals(PersistentVolumeClaim.class) && !kind.equals(Secret.class))
        .collect(Collectors.toSet());
  }

  private Optional<Problem> prune(
      Class<? extends HasMetadata> kind,
      List<Planned<?>> plan,
      MapwrightInstance instance,
      Context<MapwrightInstance> context) {
    if (!sources.knows(kind)) {
      return Optional.empty();
    }
    var wanted =
        plan.stream()
            .filter(planned -> planned.part().kind().equals(kind))
            .map(planned -> planned.desired().getMetadata().getName())
            .collect(Collectors.toSet());
    return applier.prune(kind, wanted, instance, context);
  }

  /** Before the step that it allows: a restore that is not written down would be made again. */
  private InstanceFacts recordRestore(
      InstanceFacts facts, List<Problem> problems, Context<MapwrightInstance> context) {
    var in = facts.in();
    var restore = facts.backups().restore();
    if (in.restore().isEmpty() || Boolean.TRUE.equals(in.spec().paused())) {
      return facts;
    }
    if (in.restorePhase().isEmpty()) {
      return RestoreRecords.says(in, context.getClient()) ? facts.with(restore.asBefore()) : facts;
    }
    if (in.restorePhase().filter(phase -> phase == RestorePhase.Filling).isPresent()
        && in.restoreJob().flatMap(facts.backups()::filled).isPresent()) {
      var problem = new RestoreRecords(applier).write(in, context);
      problem.ifPresent(problems::add);
      return problem.isPresent() ? facts.with(restore.notRecorded()) : facts;
    }
    return facts;
  }

  private InstanceFacts recreateKeys(
      InstanceFacts facts, MapwrightInstance instance, Context<MapwrightInstance> context) {
    if (facts.in().restorePhase().filter(phase -> phase == RestorePhase.Keys).isEmpty()
        || facts.keysMayNotReturn()
        || !synced(Job.class)
        || !synced(Pod.class)) {
      return facts;
    }
    return new KeyRecovery(facts)
        .next(pod -> new KeyRestorer(context.getClient(), instance, keys.all()).from(pod))
        .map(facts::with)
        .orElse(facts);
  }

  /** Revoked keys are cut even while the spec is wrong or paused. */
  private void push(
      InstanceFacts facts, MapwrightInstance instance, LiveTable table, Keyring keyring) {
    // What is stored, not what was made in this pass and may not have been stored.
    var in = facts.in();
    var sessions = gatherer.stored(instance, Names.sessions(in.name()));
    if (SecretGenerator.usable(sessions)) {
      keyring.sessions(instance, sessions);
    }
    var key = InstanceGatherer.pushKey(instance);
    var control = gatherer.stored(instance, Names.control(in.name()));
    ControlCa.load(
            control.getOrDefault("ca.crt", ""), control.getOrDefault("ca.key", ""), clock, random)
        .ifPresent(ca -> {
          var name = SecretGenerator.serverName(instance.getMetadata().getUid());
          fleet.follow(
              key,
              table,
              new ControlCredentials(ca, name, clock),
              gatherer.replicas(instance),
              new Terms(gatherer.sharing(instance), in.tableMaxAge()));
          pushControl(key, control);
        });
    if (facts.certificate().flatMap(pair -> pair.problem(facts.now())).isEmpty()) {
      facts
          .certificatePem()
          .ifPresent(pem -> fleet.pushCertificate(key, GatewayPaths.DEFAULTS.certificate(), pem));
    }
  }

  /** What gateways show on the channel itself, which they read from a file at their start only. */
  private void pushControl(String key, Map<String, String> control) {
    var certificate = control.getOrDefault("tls.crt", "");
    var privateKey = control.getOrDefault("tls.key", "");
    if (CertificatePair.of(certificate, privateKey).problem(clock.instant()).isEmpty()) {
      fleet.pushCertificate(
          key, GatewayPaths.DEFAULTS.controlCertificate(), certificate + "\n" + privateKey);
    }
  }

  private UpdateControl<MapwrightInstance> report(
      InstanceFacts facts,
      List<Problem> problems,
      MapwrightInstance instance,
      KubernetesClient client) {
    var before = Optional.ofNullable(instance.getStatus());
    var generation = instance.getMetadata().getGeneration();
    var conditions =
        new Conditions(
            before.map(MapwrightInstanceStatus::conditions).orElse(null), generation, facts.now());
    var status =
        seal.seal(
            instance.getMetadata().getUid(),
            new InstanceReport(facts, problems, conditions).status(generation),
            before.map(MapwrightInstanceStatus::seal).orElse(null));
    conditions.changed().stream()
        .filter(InstanceReconciler::newsworthy)
        .forEach(condition -> {
          events.tell(instance, condition);
          logHosts(facts, condition);
        });
    var again = lookAgain(facts, problems, status);
    if (Objects.equals(before.orElse(null), status)) {
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(again);
    }
    var patch = new MapwrightInstance();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(instance.getMetadata().getName())
            .withNamespace(instance.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    if (TrustedStatus.rejected(before.orElse(null))) {
      var turn = putBacks.take(instance.getMetadata().getUid(), facts.now());
      if (!turn.now()) {
        return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(turn.pause());
      }
      // Replaced, not applied: fields that somebody else added would stay theirs.
      patch.setSpec(instance.getSpec());
      patch.getMetadata().setResourceVersion(instance.getMetadata().getResourceVersion());
      client.resource(patch).updateStatus();
      if (turn.told()) {
        events.tell(instance, foreignStatus(facts));
      }
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(again);
    }
    return UpdateControl.patchStatus(patch).rescheduleAfter(again);
  }

  private static Condition foreignStatus(InstanceFacts facts) {
    var conditions = new Conditions(null, 0, facts.now());
    conditions.isFalse(
        ConditionType.Accepted,
        Reason.StatusForeign,
        "somebody else than the operator changed the status; it was put back. See who may write"
            + " mapwrightinstances/status; if it goes on, another operator with a seal of its own may"
            + " be writing here");
    return conditions.list().getFirst();
  }

  /**
   * Conditions and Events name nothing of another namespace; the operator's own people may know.
   */
  private static void logHosts(InstanceFacts facts, Condition condition) {
    if (Reason.HostConflict.name().equals(condition.getReason())) {
      log.info("hosts of {} are taken: {}", facts, facts.neighbours().hostOwners());
    }
  }

  /** Waiting for pods is no news; what a user must mend is, and so is that it is mended. */
  private static boolean newsworthy(Condition condition) {
    if (ConditionType.Ready.name().equals(condition.getType())) {
      return "True".equals(condition.getStatus());
    }
    var waiting =
        Set.of(
            Reason.CertificatePending.name(),
            Reason.PodsNotReady.name(),
            Reason.TableNotEnforced.name(),
            Reason.UpdateRollingOut.name(),
            Reason.ScaledToZero.name());
    if (Reason.NeverBackedUp.name().equals(condition.getReason())) {
      return true;
    }
    return "False".equals(condition.getStatus()) && !waiting.contains(condition.getReason());
  }

  private Duration lookAgain(
      InstanceFacts facts, List<Problem> problems, MapwrightInstanceStatus status) {
    var ending = facts.in().ending().map(end -> Duration.between(facts.now(), end.deadline()));
    if (ending.isPresent()) {
      return Stream.of(ending.get(), LOOK_AGAIN)
          .min(Duration::compareTo)
          .filter(wait -> wait.compareTo(SECOND) > 0)
          .orElse(SECOND);
    }
    var restore = Optional.ofNullable(status.restore());
    if (!restore.equals(facts.in().restoring())) {
      // A step that is now written down is taken at once.
      return STEP;
    }
    if (restore.filter(RestoreLifecycle::running).isPresent()) {
      return LOOK_AGAIN;
    }
    var running = facts.in().running();
    var decisions =
        Stream.concat(
                running.lookAgain().stream(),
                running.logs().map(LogRetentionDecision::lookAgain).stream())
            .map(at -> Duration.between(facts.now(), at));
    var stale =
        new UnreachableReplicas(facts.replicas().values(), facts.in().tableMaxAge())
            .nextTold(facts.now()).stream().map(at -> Duration.between(facts.now(), at));
    var causes = facts.diagnosis().lookAgain().stream();
    return Stream.of(decisions, stale, causes, Stream.of(routine(facts, problems)))
        .flatMap(waits -> waits)
        .min(Duration::compareTo)
        .filter(wait -> wait.compareTo(SECOND) > 0)
        .orElse(SECOND);
  }

  private Duration routine(InstanceFacts facts, List<Problem> problems) {
    if (!problems.isEmpty()) {
      return LOOK_AGAIN;
    }
    var usable =
        facts.certificate().filter(pair -> pair.problem(facts.now()).isEmpty()).isPresent();
    if (!facts.in().issuesCertificate() && !usable) {
      return LOOK_AGAIN;
    }
    var longest = facts.in().backup().isPresent() ? Duration.ofMinutes(10) : Duration.ofHours(1);
    return Stream.of(
            Optional.of(SecretGenerator.nextSessionKey(facts.in())),
            facts.certificate().flatMap(ServedCertificate::notAfter).filter(facts.now()::isBefore))
        .flatMap(Optional::stream)
        .map(deadline -> Duration.between(facts.now(), deadline).plus(SECOND))
        .filter(wait -> wait.compareTo(longest) < 0)
        .min(Duration::compareTo)
        .orElse(longest);
  }

  /** Begins to watch optional kinds that appeared, and forgets those that went. */
  private synchronized void followCapabilities(Context<MapwrightInstance> context) {
    var retriever = context.eventSourceRetriever();
    for (var part : InstancePlan.parts()) {
      part.needs()
          .ifPresent(capability -> {
            var present = capabilities.present().contains(capability);
            if (present && !sources.knows(part.kind())) {
              retriever.dynamicallyRegisterEventSource(
                  sources.create(
                      part.kind(), retriever.eventSourceContextForDynamicRegistration()));
            } else if (!present && sources.knows(part.kind())) {
              sources.forget(part.kind());
              var _ = retriever.dynamicallyDeRegisterEventSource(part.kind().getSimpleName());
            }
          });
    }
  }

  private static List<String> hosts(MapwrightInstance instance) {
    var control = instance.getSpec().controlPlane();
    var hosts = new ArrayList<>(instance.getSpec().hosts());
    if (control != null) {
      hosts.addAll(control.hosts());
    }
    return hosts;
  }
}
