package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.mapwright.operator.api.v1alpha1.ApiKey;
import io.mapwright.operator.api.v1alpha1.ApiKeyStatus;
import io.mapwright.operator.api.v1alpha1.MapwrightInstance;
import io.mapwright.operator.api.v1alpha1.OriginPolicy;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.apikey.KeyReport.Enforcement;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.keyring.PolicyOrigins;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.DeliveredSecrets;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.KeySources;
import io.mapwright.operator.kube.PeriodicTask;
import io.mapwright.operator.kube.ReconcileFailure;
import io.mapwright.operator.kube.SecretNames;
import io.mapwright.operator.kube.ServedNamespaces;
import io.mapwright.operator.kube.SharedCache;
import io.mapwright.operator.kube.StatusRepairLimiter;
import io.mapwright.operator.model.ReplicaState;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.KeyUse;
import io.mapwright.operator.seal.StatusSeal;
import io.mapwright.operator.seal.TrustedStatus;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over an ApiKey: gather, check, decide, make and deliver, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(name = ApiKeyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class ApiKeyReconciler implements Reconciler<ApiKey>, AutoCloseable {
  public static final String NAME = "apikey";

  private static final Logger log = LoggerFactory.getLogger(ApiKeyReconciler.class);

  /** How soon to check again whether the watch has brought to the keyring what was just written. */
  private static final Duration UNSEEN = Duration.ofSeconds(1);

  /** How soon to check again without being woken by a gateway: tells how far it has come. */
  private static final Duration UNENFORCED = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofHours(6);

  private final SharedCache<ApiKey> keys;
  private final KeySources sources;
  private final Keyring keyring;
  private final DeliveredSecrets secrets;
  private final StatusSeal seal;
  private final TrustedStatus trusted;
  private final ServedNamespaces served;
  private final GatewayFleet fleet;
  private final Events events;
  private final SecureRandom random;
  private final KeyGatherer gatherer;
  private final EnforcementWaiters waiting = new EnforcementWaiters();
  private final LastUses lastUses = new LastUses();
  private final StatusRepairLimiter putBacks = new StatusRepairLimiter();
  private final RefusedDeliveries refusals = new RefusedDeliveries();

  public ApiKeyReconciler(
      SharedCache<ApiKey> keys,
      SharedCache<MapwrightInstance> instances,
      SharedCache<OriginPolicy> policies,
      KeySources sources,
      SecretNames secretNames,
      ServedNamespaces served,
      KubernetesClient client,
      Duration secretRound,
      StatusSeal seal,
      GatewayFleet fleet,
      Events events,
      Clock clock,
      SecureRandom random) {
    this.keys = keys;
    this.sources = sources;
    this.served = served;
    keyring = sources.keyring();
    this.seal = seal;
    trusted = new TrustedStatus(seal);
    this.fleet = fleet;
    this.events = events;
    this.random = random;
    secrets =
        new DeliveredSecrets(
            client,
            secretRound,
            () -> keys.list().map(ResourceID::fromResource).toList(),
            id ->
                keys.get(id)
                    .filter(ApiKeyReconciler::lives)
                    .filter(Deliveries::has)
                    .map(Deliveries::of),
            keys::requeue);
    gatherer = new KeyGatherer(secrets, secretNames, instances, policies, keyring, lastUses, clock);
    keys.listen(this::keyChanged);
    instances.listen(this::instanceChanged);
    policies.listen(this::policyChanged);
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    return List.of(keys.attach(context, KeySources.INDEXERS));
  }

  /** Begins to look after the Secrets that keys were delivered into. */
  public void start() {
    secrets.start();
  }

  /** The look after those Secrets. */
  public PeriodicTask task() {
    return secrets.task();
  }

  @Override
  public void close() {
    secrets.close();
  }

  @Override
  public ErrorStatusUpdateControl<ApiKey> updateErrorStatus(
      ApiKey key, Context<ApiKey> context, Exception e) {
    return ReconcileFailure.control(key, e);
  }

  /** A gateway of the instance took something over: looks at the keys that wait for that. */
  public void wake(ResourceID instance) {
    // One that is out of reach enforces nothing as far as we know; none at all is news too.
    var least =
        states(instance).stream()
            .mapToLong(state -> state.connected() ? state.generation() : 0)
            .min()
            .orElse(Long.MAX_VALUE);
    waiting.reached(instance, least).forEach(keys::requeue);
  }

  /** Gateways of the instance admitted these keys: has the days of last use said. */
  public void used(ResourceID instance, List<KeyUse> uses) {
    for (var use : uses) {
      var day = LocalDate.ofInstant(use.lastUsed(), ZoneOffset.UTC);
      keys.byIndex(KeySources.BY_KEY_ID, KeySources.keyIdAt(instance, use.keyId())).stream()
          .filter(key -> lastUses.note(key, day))
          .forEach(this::requeue);
    }
  }

  private void keyChanged(@Nullable ApiKey before, @Nullable ApiKey now) {
    if (before != null && now == null) {
      lastUses.forget(ResourceID.fromResource(before));
      secrets.forget(ResourceID.fromResource(before));
      refusals.forget(ResourceID.fromResource(before));
    }
  }

  private void instanceChanged(
      @Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    var instance = now == null ? before : now;
    if (instance != null && !sameForKeys(before, now)) {
      keys.byIndex(KeySources.BY_INSTANCE, ResourceID.fromResource(instance).toString())
          .forEach(this::requeue);
    }
  }

  /** A pass over a key looks at who is admitted, and at nothing else of its instance. */
  private static boolean sameForKeys(
      @Nullable MapwrightInstance before, @Nullable MapwrightInstance now) {
    return before != null
        && now != null
        && Objects.equals(before.getMetadata().getUid(), now.getMetadata().getUid())
        && Objects.equals(before.getSpec().access(), now.getSpec().access());
  }

  private void policyChanged(@Nullable OriginPolicy before, @Nullable OriginPolicy now) {
    var policy = now == null ? before : now;
    if (policy == null
        || (before != null
            && now != null
            && PolicyOrigins.comparable(before) == PolicyOrigins.comparable(now))) {
      return;
    }
    var name = policy.getMetadata().getNamespace() + "/" + policy.getMetadata().getName();
    keys.byIndex(KeySources.BY_POLICY, name).forEach(this::requeue);
  }

  private void requeue(ApiKey key) {
    keys.requeue(ResourceID.fromResource(key));
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    if (!lives(key)) {
      return UpdateControl.noUpdate();
    }
    if (!gatherer.synced() || !sources.synced() || served.joins(key.getMetadata().getNamespace())) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(UNSEEN);
    }
    if (!trusted.judged(key)) {
      // Its event is on the way.
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(UNSEEN);
    }
    var facts = gatherer.gather(key);
    if (TrustedStatus.rejected(key.getStatus())) {
      return putBack(facts, context.getClient());
    }
    var status = key.getStatus();
    var lastSeal = status == null ? null : status.seal();
    var outcome =
        switch (KeyPlan.of(facts, refusals.of(facts))) {
          case KeyPlan.Settle settle ->
              new Outcome(settle.digests(), settle.refused(), false, lastSeal);
          case KeyPlan.Make make -> make(make.digests(), facts, context);
        };
    var digests = outcome.digests();
    // What was made meanwhile is in the caches by now, and other digests meet other keys.
    var now = digests.equals(Digests.of(facts.status())) ? facts : gatherer.gather(key, digests);
    return report(now, outcome, DeliveryRules.check(now).or(outcome::refused));
  }

  /**
   * What became of a key.
   *
   * @param refused why its Secret was not written
   * @param begun whether the stored status has a digest more than the one that was gathered
   * @param seal of the stored status
   */
  private record Outcome(
      Digests digests, Optional<Problem> refused, boolean begun, @Nullable String seal) {
    static Outcome of(Digests digests, @Nullable String seal) {
      return new Outcome(digests, Optional.empty(), false, seal);
    }
  }

  private static boolean lives(ApiKey key) {
    return key.getMetadata().getDeletionTimestamp() == null;
  }

  /**
   * Somebody else wrote the status. What was known of it is stored again; where nothing is known,
   * the key opens nothing, and what is stored is left for the one who has the seal's key to adopt.
   */
  private UpdateControl<ApiKey> putBack(KeyFacts facts, KubernetesClient client) {
    var key = facts.key();
    var status = facts.status().orElseThrow();
    if (!TrustedStatus.remembered(status) && KeyLifecycle.livesByItsStatus(facts)) {
      return reportForeign(facts, client);
    }
    var turn = putBacks.take(key.getMetadata().getUid(), facts.now());
    if (!turn.now()) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(turn.pause());
    }
    var restored = patch(key, sealed(key, status, status.seal()));
    restored.setSpec(key.getSpec());
    restored.getMetadata().setResourceVersion(key.getMetadata().getResourceVersion());
    // Replaced, not applied: fields that somebody else added would stay theirs.
    client.resource(restored).updateStatus();
    if (turn.told()) {
      events.tell(key, ForeignStatus.putBack(facts.now()));
    }
    return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(UNSEEN);
  }

  /** Writes conditions only. */
  private UpdateControl<ApiKey> reportForeign(KeyFacts facts, KubernetesClient client) {
    var conditions = conditions(facts);
    ForeignStatus.report(conditions);
    if (!conditions.list().equals(facts.status().map(ApiKeyStatus::conditions).orElse(null))) {
      client
          .resource(facts.key())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              Serialization.asJson(Map.of("status", Map.of("conditions", conditions.list()))));
      conditions.changed().stream()
          .filter(condition -> ConditionType.Ready.name().equals(condition.getType()))
          .forEach(condition -> events.tell(facts.key(), condition));
    }
    return UpdateControl.noUpdate();
  }

  private ApiKeyStatus sealed(ApiKey key, ApiKeyStatus status, @Nullable String lastSeal) {
    return seal.seal(key.getMetadata().getUid(), status, lastSeal);
  }

  private Outcome make(Digests digests, KeyFacts facts, Context<ApiKey> context) {
    var plain = ApiKeyFormat.mint(random);
    var next =
        new Digests(
            digests.current(),
            digests.previous(),
            ApiKeyGenerator.digest(plain, facts.now()),
            digests.trigger());
    var intent = intend(next, facts, context);
    try {
      deliver(plain, facts, context);
    } catch (KubernetesClientException e) {
      if (!RefusedDeliveries.isRefusal(e.getCode())) {
        throw e;
      }
      return new Outcome(digests, Optional.of(refusals.note(facts, e.getCode())), true, intent);
    }
    refusals.forget(ResourceID.fromResource(facts.key()));
    return Outcome.of(
        KeyLifecycle.promote(next, facts.key().getSpec().rotation(), facts.now()), intent);
  }

  /** Fails with a conflict if anybody, another operator among them, wrote the key meanwhile. */
  private @Nullable String intend(Digests digests, KeyFacts facts, Context<ApiKey> context) {
    var report =
        new KeyReport(facts, digests, Optional.empty(), Enforcement.UNKNOWN, conditions(facts));
    var lastSeal = facts.status().map(ApiKeyStatus::seal).orElse(null);
    var status = sealed(facts.key(), report.status(), lastSeal);
    var patch = patch(facts.key(), status);
    patch.getMetadata().setResourceVersion(facts.key().getMetadata().getResourceVersion());
    // Not JOSDK's helper: on a conflict it would send the same body again, for the new version.
    var written =
        context
            .getClient()
            .resource(patch)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(Applier.FIELD_MANAGER)
                    .withForce(true)
                    .build());
    facts.key().getMetadata().setResourceVersion(written.getMetadata().getResourceVersion());
    return status.seal();
  }

  /** Fails with a conflict if a Secret of that name is somebody else's. */
  private void deliver(PlainKey plain, KeyFacts facts, Context<ApiKey> context) {
    var desired = context.getClient().resource(ApiKeyGenerator.secret(facts.key(), plain));
    // Asked for, not remembered: it is replaced at this very version.
    var there = facts.secret().isPresent() ? desired.get() : null;
    if (there == null) {
      secrets.wrote(ResourceID.fromResource(facts.key()), desired.create());
      return;
    }
    if (!ApiKeyGenerator.belongsTo(there, facts.key())) {
      throw new KubernetesClientException(
          "Secret " + there.getMetadata().getName() + " is another's by now",
          HttpURLConnection.HTTP_CONFLICT,
          null);
    }
    desired.item().getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
    secrets.wrote(ResourceID.fromResource(facts.key()), desired.update());
  }

  private UpdateControl<ApiKey> report(KeyFacts facts, Outcome outcome, Optional<Problem> problem) {
    var digests = outcome.digests();
    var draft = new KeyReport(facts, digests, problem, Enforcement.UNKNOWN, conditions(facts));
    var enforcement =
        draft.enforcedBefore() ? Enforcement.UNKNOWN : enforcement(facts.key(), draft.status());
    if (!outcome.begun() && enforcement.pending() && KeyLifecycle.settling(facts, digests)) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(UNSEEN);
    }
    var conditions = conditions(facts);
    var status =
        sealed(
            facts.key(),
            new KeyReport(facts, digests, problem, enforcement, conditions).status(),
            outcome.seal());
    conditions.changed().stream()
        .filter(c -> newsworthy(c, facts.status(), problem))
        .forEach(condition -> {
          events.tell(facts.key(), condition);
          logRival(facts, condition);
        });
    var again = again(facts, digests, enforcement, draft.enforcedBefore(), problem);
    if (!outcome.begun() && Objects.equals(facts.key().getStatus(), status)) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(again);
    }
    var patch = patch(facts.key(), status);
    if (outcome.begun() || !digests.equals(Digests.of(facts.status()))) {
      patch.getMetadata().setResourceVersion(facts.key().getMetadata().getResourceVersion());
    }
    return UpdateControl.patchStatus(patch).rescheduleAfter(again);
  }

  /**
   * Conditions and Events name nothing of another namespace; the operator's own people may know.
   */
  private static void logRival(KeyFacts facts, Condition condition) {
    facts
        .verdict()
        .refusal(facts.key())
        .filter(_ -> "False".equals(condition.getStatus()))
        .ifPresent(refusal ->
            log.info(
                "ApiKey {}/{} is denied, {} by ApiKey {}/{}",
                facts.key().getMetadata().getNamespace(),
                facts.key().getMetadata().getName(),
                refusal.kind(),
                refusal.by().getNamespace().orElse(""),
                refusal.by().getName()));
  }

  /** That a new key is delivered is said by its being ready. */
  private static boolean newsworthy(
      Condition condition, Optional<ApiKeyStatus> before, Optional<Problem> problem) {
    var good = "True".equals(condition.getStatus());
    if (ConditionType.Delivered.name().equals(condition.getType())) {
      return !good
          || before
              .flatMap(s -> Conditions.find(s.conditions(), ConditionType.Delivered))
              .isPresent();
    }
    if (ConditionType.Expiring.name().equals(condition.getType())) {
      return true;
    }
    return ConditionType.Ready.name().equals(condition.getType())
        && (good || before.isPresent() || problem.isPresent());
  }

  private Enforcement enforcement(ApiKey key, ApiKeyStatus status) {
    var instance = Keyring.instanceOf(key);
    var id = ResourceID.fromResource(key);
    OptionalLong from = keyring.enforcedFrom(with(key, status));
    // Before the look: a gateway that answers between look and wait would go unheard.
    waiting.add(instance, id, from.orElse(0));
    var known = fleet.known(pushKey(instance));
    var states = states(instance);
    var enforcing =
        from.isEmpty()
            ? 0
            : (int)
                states.stream()
                    .filter(ReplicaState::connected)
                    .filter(s -> s.generation() >= from.getAsLong())
                    .count();
    var enforcement = new Enforcement(known, from.isPresent(), enforcing, states.size());
    if (enforcement.everywhere() && !states.isEmpty()) {
      waiting.remove(instance, id, from.orElse(0));
    }
    return enforcement;
  }

  private static ApiKey with(ApiKey key, ApiKeyStatus status) {
    var copy = new ApiKey();
    copy.setMetadata(key.getMetadata());
    copy.setSpec(key.getSpec());
    copy.setStatus(status);
    return copy;
  }

  private Collection<ReplicaState> states(ResourceID instance) {
    return fleet.states(pushKey(instance)).values();
  }

  private static String pushKey(ResourceID instance) {
    return instance.getNamespace().orElse("") + "/" + instance.getName();
  }

  private static Duration again(
      KeyFacts facts,
      Digests digests,
      Enforcement enforcement,
      boolean enforcedBefore,
      Optional<Problem> problem) {
    var wait =
        KeyLifecycle.nextDeadline(facts, digests)
            .map(deadline -> Duration.between(facts.now(), deadline).plusMillis(50))
            .orElse(LONGEST);
    if (!enforcedBefore && enforcement.pending()) {
      wait = min(wait, enforcement.seen() ? UNENFORCED : UNSEEN);
    }
    if (problem.isPresent()) {
      wait = min(wait, Duration.ofSeconds(30));
    }
    return min(wait, LONGEST);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Conditions conditions(KeyFacts facts) {
    return new Conditions(
        facts.status().map(ApiKeyStatus::conditions).orElse(null),
        facts.key().getMetadata().getGeneration(),
        facts.now());
  }

  private static ApiKey patch(ApiKey key, ApiKeyStatus status) {
    var patch = new ApiKey();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(key.getMetadata().getName())
            .withNamespace(key.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    return patch;
  }
}
