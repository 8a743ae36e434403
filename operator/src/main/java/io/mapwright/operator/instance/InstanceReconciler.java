package io.mapwright.operator.instance;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.gateway.GatewayPaths;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.Capabilities;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.FailedPass;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.Nudges;
import io.mapwright.operator.kube.OwnedSources;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Names;
import io.mapwright.operator.model.OperatorSettings;
import io.mapwright.operator.push.ControlCa;
import io.mapwright.operator.push.ControlCredentials;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.LiveTable;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import io.mapwright.operator.status.Reason;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One pass over a MapwrightInstance: gather, check, plan and apply, push, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(
    name = InstanceReconciler.NAME,
    fieldManager = Applier.FIELD_MANAGER,
    triggerReconcilerOnAllEvents = true)
public final class InstanceReconciler implements Reconciler<MapwrightInstance> {
  public static final String NAME = "mapwrightinstance";

  /** While an older instance holds a host, or a user's Secret is not watched: look again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private static final Duration UNSYNCED = Duration.ofSeconds(2);

  private final OwnedSources sources = new OwnedSources();
  private final Applier applier = new Applier(sources);
  private final Capabilities capabilities;
  private final GatewayFleet fleet;
  private final InstanceGatherer gatherer;
  private final Events events;
  private final Nudges<MapwrightInstance> nudges;
  private final Consumer<ResourceID> onInSync;
  private final Clock clock;
  private final SecureRandom random;
  private volatile Optional<KeySources> keySources = Optional.empty();
  private volatile Optional<IndexerResourceCache<MapwrightInstance>> instances = Optional.empty();

  /**
   * Puts a reconciler together.
   *
   * @param onInSync told an instance all of whose gateways have just come to hold its table
   */
  public InstanceReconciler(
      OperatorSettings operator,
      Capabilities capabilities,
      GatewayFleet fleet,
      Events events,
      Nudges<MapwrightInstance> nudges,
      Consumer<ResourceID> onInSync,
      Clock clock,
      SecureRandom random) {
    this.capabilities = capabilities;
    this.fleet = fleet;
    this.events = events;
    this.nudges = nudges;
    this.onInSync = onInSync;
    this.clock = clock;
    this.random = random;
    var minting = new Minting(random, clock);
    gatherer = new InstanceGatherer(sources, capabilities, operator, fleet, minting, clock);
  }

  @Override
  public List<EventSource<?, MapwrightInstance>> prepareEventSources(
      EventSourceContext<MapwrightInstance> context) {
    var cache = context.getPrimaryCache();
    cache.addIndexer(InstanceGatherer.BY_HOST, InstanceReconciler::hosts);
    instances = Optional.of(cache);
    var keys = new KeySources(context);
    keySources = Optional.of(keys);
    var result = new ArrayList<EventSource<?, MapwrightInstance>>(keys.sources());
    result.add(nudges.source(cache));
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
    var instance =
        context.isPrimaryResourceDeleted() ? instances.orElseThrow().get(id).orElse(null) : given;
    if (instance == null || instance.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    if (!synced()) {
      // What is not listed yet is not absent: an empty table would cut keys that are valid.
      return UpdateControl.<MapwrightInstance>noUpdate().rescheduleAfter(UNSYNCED);
    }
    var keyring = keyring();
    followCapabilities(context);
    var table = keyring.open(instance);
    var facts = gatherer.gather(instance, instances.orElseThrow(), table::generation, context);
    var problems = new ArrayList<>(InstanceRules.check(facts).stream().toList());
    if (!rejected(problems) && !Boolean.TRUE.equals(instance.getSpec().paused())) {
      problems.addAll(apply(facts, instance, context));
    }
    push(facts, instance, table, keyring);
    return report(facts, problems, instance);
  }

  @Override
  public ErrorStatusUpdateControl<MapwrightInstance> updateErrorStatus(
      MapwrightInstance instance, Context<MapwrightInstance> context, Exception e) {
    return FailedPass.control(e);
  }

  /** A gateway answered, or stopped answering: starts a pass, or ends the work for what is gone. */
  public void gatewayChanged(ResourceID id) {
    if (instances.filter(cache -> cache.get(id).isPresent()).isPresent()) {
      nudges.one(id);
    } else {
      forget(id);
    }
  }

  private void forget(ResourceID id) {
    fleet.forget(id.getNamespace().orElse("") + "/" + id.getName());
    keyring().close(id);
  }

  public Keyring keyring() {
    return keySources.orElseThrow().keyring();
  }

  /** Instances that the operator knows, for metrics. */
  public List<MapwrightInstance> known() {
    return instances.map(cache -> cache.list().toList()).orElse(List.of());
  }

  private boolean synced() {
    return keySources.orElseThrow().synced() && OwnedSources.synced(sources.of(Secret.class));
  }

  /** A certificate that can not be used holds up the pods, not the rest: it may mend the cause. */
  private static boolean rejected(List<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.type() == ConditionType.Accepted);
  }

  private List<Problem> apply(
      InstanceFacts facts, MapwrightInstance instance, Context<MapwrightInstance> context) {
    var problems = new ArrayList<Problem>();
    for (var part : InstancePlan.parts()) {
      if (!part.wanted(facts.in()) || held(part, facts)) {
        continue;
      }
      var problem = apply(part, facts.in(), context);
      problem.ifPresent(problems::add);
      if (problem.isPresent() && part.essential()) {
        return problems;
      }
    }
    for (var kind : prunable()) {
      prune(kind, facts.in(), instance, context).ifPresent(problems::add);
    }
    return problems;
  }

  private <R extends HasMetadata> Optional<Problem> apply(
      Part<R> part, InstanceInput in, Context<MapwrightInstance> context) {
    if (!part.possible(in) || !sources.knows(part.kind())) {
      // The certificate and the monitor have conditions of their own.
      return part.needs()
          .filter(missing -> missing == io.mapwright.operator.model.Capability.HTTP_ROUTE)
          .map(missing ->
              new Problem(
                  ConditionType.Applied, Reason.KindAbsent, InstanceReport.absent(missing)));
    }
    return applier.apply(part.kind(), part.desired().apply(in), part.once(), context);
  }

  /**
   * Without a certificate a new pod could only wait, and the kubelet looks for it ever more rarely.
   */
  private static boolean held(Part<?> part, InstanceFacts facts) {
    var unusable = facts.certificate().flatMap(pair -> pair.problem(facts.now())).isPresent();
    var missing = facts.deployment().isEmpty() && facts.certificate().isEmpty();
    return part.id().equals(InstancePlan.DEPLOYMENT) && (unusable || missing);
  }

  /** Data goes with its instance if the user wants that, and never by a change of the spec. */
  private static Set<Class<? extends HasMetadata>> prunable() {
    return InstancePlan.parts().stream()
        .<Class<? extends HasMetadata>>map(Part::kind)
        .filter(kind -> !kind.equals(PersistentVolumeClaim.class))
        .collect(Collectors.toSet());
  }

  private <R extends HasMetadata> Optional<Problem> prune(
      Class<R> kind,
      InstanceInput in,
      MapwrightInstance instance,
      Context<MapwrightInstance> context) {
    if (!sources.knows(kind)) {
      return Optional.empty();
    }
    var wanted =
        InstancePlan.parts().stream()
            .filter(part -> part.kind().equals(kind) && part.wanted(in))
            .map(part -> part.desired().apply(in).getMetadata().getName())
            .collect(Collectors.toSet());
    return applier.prune(kind, wanted, instance, context);
  }

  /** Revoked keys are cut even while the spec is wrong or paused. */
  private void push(
      InstanceFacts facts, MapwrightInstance instance, LiveTable table, Keyring keyring) {
    // What is stored, not what was made in this pass and may not have been stored.
    var in = facts.in();
    var sessions = gatherer.stored(in.namespace(), Names.sessions(in.name()));
    if (Minting.usable(sessions)) {
      keyring.sessions(instance, sessions);
    }
    var key = InstanceGatherer.pushKey(instance);
    var control = gatherer.stored(in.namespace(), Names.control(in.name()));
    ControlCa.load(
            control.getOrDefault("ca.crt", ""), control.getOrDefault("ca.key", ""), clock, random)
        .ifPresent(ca -> {
          var name = Minting.serverName(instance.getMetadata().getUid());
          fleet.follow(
              key, table, new ControlCredentials(ca, name, clock), gatherer.replicas(instance));
        });
    if (facts.certificate().flatMap(pair -> pair.problem(facts.now())).isEmpty()) {
      facts
          .certificatePem()
          .ifPresent(pem -> fleet.pushCertificate(key, GatewayPaths.DEFAULTS.certificate(), pem));
    }
  }

  private UpdateControl<MapwrightInstance> report(
      InstanceFacts facts, List<Problem> problems, MapwrightInstance instance) {
    var before = Optional.ofNullable(instance.getStatus());
    var generation = instance.getMetadata().getGeneration();
    var conditions =
        new Conditions(
            before.map(MapwrightInstanceStatus::conditions).orElse(null), generation, facts.now());
    var status = new InstanceReport(facts, problems, conditions).status(generation);
    conditions.changed().stream()
        .filter(InstanceReconciler::newsworthy)
        .forEach(condition -> events.tell(instance, condition));
    if (conditions.changed().stream().anyMatch(InstanceReconciler::inSync)) {
      onInSync.accept(ResourceID.fromResource(instance));
    }
    var again = lookAgain(facts, problems);
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
    return UpdateControl.patchStatus(patch).rescheduleAfter(again);
  }

  private static boolean inSync(Condition condition) {
    return ConditionType.KeysInSync.name().equals(condition.getType())
        && "True".equals(condition.getStatus());
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
            Reason.ScaledToZero.name());
    if (Reason.NeverBackedUp.name().equals(condition.getReason())) {
      return true;
    }
    return "False".equals(condition.getStatus()) && !waiting.contains(condition.getReason());
  }

  private Duration lookAgain(InstanceFacts facts, List<Problem> problems) {
    if (!problems.isEmpty() || !facts.in().issuesCertificate()) {
      return LOOK_AGAIN;
    }
    var session = Duration.between(facts.now(), Minting.nextSessionKey(facts.in()));
    var longest = facts.in().backup().isPresent() ? Duration.ofMinutes(10) : Duration.ofHours(1);
    var wait = session.compareTo(longest) < 0 ? session : longest;
    return wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
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
