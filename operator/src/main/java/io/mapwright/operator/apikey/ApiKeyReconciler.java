package io.mapwright.operator.apikey;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import io.mapwright.operator.apikey.KeyLifecycle.Decision;
import io.mapwright.operator.apikey.KeyLifecycle.Digests;
import io.mapwright.operator.apikey.KeyReport.Enforcement;
import io.mapwright.operator.gateway.ApiKeyFormat;
import io.mapwright.operator.gateway.PlainKey;
import io.mapwright.operator.keyring.Keyring;
import io.mapwright.operator.kube.Applier;
import io.mapwright.operator.kube.Events;
import io.mapwright.operator.kube.FailedPass;
import io.mapwright.operator.kube.Nudges;
import io.mapwright.operator.push.GatewayFleet;
import io.mapwright.operator.push.ReplicaState;
import io.mapwright.operator.status.ConditionType;
import io.mapwright.operator.status.Conditions;
import io.mapwright.operator.status.Problem;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One pass over an ApiKey: gather, check, decide, make and deliver, report. */
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@ControllerConfiguration(name = ApiKeyReconciler.NAME, fieldManager = Applier.FIELD_MANAGER)
public final class ApiKeyReconciler implements Reconciler<ApiKey> {
  public static final String NAME = "apikey";

  /** How soon to look again whether the watch has brought to the keyring what was just written. */
  private static final Duration UNSEEN = Duration.ofSeconds(1);

  /** How soon to look again without being woken by a gateway. */
  private static final Duration UNENFORCED = Duration.ofSeconds(60);

  private static final Duration LONGEST = Duration.ofHours(6);

  private final Supplier<Keyring> keyring;
  private final GatewayFleet fleet;
  private final Events events;
  private final Nudges<ApiKey> nudges;
  private final Clock clock;
  private final SecureRandom random;
  private final Map<ResourceID, Set<ResourceID>> waiting = new ConcurrentHashMap<>();
  private volatile Optional<KeyGatherer> gatherer = Optional.empty();

  public ApiKeyReconciler(
      Supplier<Keyring> keyring,
      GatewayFleet fleet,
      Events events,
      Nudges<ApiKey> nudges,
      Clock clock,
      SecureRandom random) {
    this.keyring = keyring;
    this.fleet = fleet;
    this.events = events;
    this.nudges = nudges;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public List<EventSource<?, ApiKey>> prepareEventSources(EventSourceContext<ApiKey> context) {
    var created = new KeyGatherer(context, clock);
    gatherer = Optional.of(created);
    var sources = new java.util.ArrayList<>(created.sources());
    sources.add(nudges.source(created.keys()));
    return sources;
  }

  @Override
  public ErrorStatusUpdateControl<ApiKey> updateErrorStatus(
      ApiKey key, Context<ApiKey> context, Exception e) {
    return FailedPass.control(e);
  }

  /** A gateway of the instance took something over: looks at the keys that wait for that. */
  public void wake(ResourceID instance) {
    var keys = waiting.remove(instance);
    if (keys != null) {
      keys.forEach(nudges::one);
    }
  }

  /** Keys that refer to an instance. */
  public List<ResourceID> of(ResourceID instance) {
    return gatherer.map(g -> g.keysOf(instance)).orElse(List.of());
  }

  /** Keys that the operator knows, for metrics. */
  public List<ApiKey> known() {
    return gatherer.map(g -> g.keys().list().toList()).orElse(List.of());
  }

  @Override
  public UpdateControl<ApiKey> reconcile(ApiKey key, Context<ApiKey> context) {
    if (key.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    var gathering = gatherer.orElseThrow();
    var facts = gathering.gather(key, context.getClient());
    var problem = KeyRules.check(facts);
    var digests =
        switch (KeyLifecycle.decide(facts)) {
          case Decision.Cut _ ->
              new Digests(null, null, null, Digests.of(facts.status()).trigger());
          case Decision.Keep keep -> keep.digests();
          // A key that can not be used, or not be delivered, is not made.
          case Decision.Mint mint when problem.isPresent() -> mint.digests();
          case Decision.Mint mint -> make(mint.digests(), facts, context);
        };
    return report(gathering.gather(key, context.getClient()), digests, problem);
  }

  private Digests make(Digests digests, KeyFacts facts, Context<ApiKey> context) {
    var plain = ApiKeyFormat.mint(random);
    var next =
        new Digests(
            digests.current(),
            digests.previous(),
            KeyMinting.digest(plain, facts.now()),
            digests.trigger());
    intend(next, facts, context);
    deliver(plain, facts, context);
    return KeyLifecycle.promote(next, facts.key().getSpec().rotation(), facts.now());
  }

  /** Fails with a conflict if anybody, another operator among them, wrote the key meanwhile. */
  private void intend(Digests digests, KeyFacts facts, Context<ApiKey> context) {
    var report =
        new KeyReport(
            facts, digests, Optional.empty(), new Enforcement(false, 0, 0), conditions(facts));
    var patch = patch(facts.key(), report.status());
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
  }

  private void deliver(PlainKey plain, KeyFacts facts, Context<ApiKey> context) {
    var desired = KeyMinting.secret(facts.key(), plain);
    var source = gatherer.orElseThrow().secrets();
    var id = ResourceID.fromResource(desired);
    var client = context.getClient();
    if (facts.secret().isPresent()) {
      var actual = facts.secret().get();
      desired.getMetadata().setResourceVersion(actual.getMetadata().getResourceVersion());
      source.handleRecentResourceUpdate(id, client.resource(desired).update(), actual);
    } else {
      source.handleRecentResourceCreate(id, client.resource(desired).create());
    }
  }

  private UpdateControl<ApiKey> report(KeyFacts facts, Digests digests, Optional<Problem> problem) {
    // Before the look: a gateway that answers between look and wait would go unheard.
    var id = ResourceID.fromResource(facts.key());
    waiting.compute(Keyring.instanceOf(facts.key()), (_, keys) -> with(keys, id));
    var enforcement = enforcement(facts.key());
    if (enforcement.everywhere()) {
      waiting.computeIfPresent(Keyring.instanceOf(facts.key()), (_, keys) -> without(keys, id));
    }
    var conditions = conditions(facts);
    var status = new KeyReport(facts, digests, problem, enforcement, conditions).status();
    conditions.changed().stream()
        .filter(c ->
            c.getType().equals(ConditionType.Ready.name())
                || c.getType().equals(ConditionType.Delivered.name()))
        .filter(
            c -> facts.status().isPresent() || "True".equals(c.getStatus()) || problem.isPresent())
        .forEach(condition -> events.tell(facts.key(), condition));
    var again = again(facts, digests, enforcement, problem);
    if (Objects.equals(facts.key().getStatus(), status)) {
      return UpdateControl.<ApiKey>noUpdate().rescheduleAfter(again);
    }
    var patch = patch(facts.key(), status);
    if (!digests.equals(Digests.of(facts.status()))) {
      patch.getMetadata().setResourceVersion(facts.key().getMetadata().getResourceVersion());
    }
    return UpdateControl.patchStatus(patch).rescheduleAfter(again);
  }

  private static Set<ResourceID> with(@Nullable Set<ResourceID> keys, ResourceID id) {
    var all = keys == null ? new HashSet<ResourceID>() : keys;
    all.add(id);
    return all;
  }

  private static @Nullable Set<ResourceID> without(Set<ResourceID> keys, ResourceID id) {
    keys.remove(id);
    return keys.isEmpty() ? null : keys;
  }

  private Enforcement enforcement(ApiKey key) {
    var instance = Keyring.instanceOf(key);
    var states =
        fleet.states(instance.getNamespace().orElse("") + "/" + instance.getName()).values();
    OptionalLong from = keyring.get().enforcedFrom(key);
    var enforcing =
        from.isEmpty()
            ? 0
            : (int)
                states.stream()
                    .filter(ReplicaState::connected)
                    .filter(s -> s.generation() >= from.getAsLong())
                    .count();
    return new Enforcement(from.isPresent(), enforcing, states.size());
  }

  private static Duration again(
      KeyFacts facts, Digests digests, Enforcement enforcement, Optional<Problem> problem) {
    var wait =
        KeyLifecycle.nextDeadline(facts, digests)
            .map(deadline -> Duration.between(facts.now(), deadline).plusMillis(50))
            .orElse(LONGEST);
    if (enforcement.running() > 0 && !enforcement.everywhere()) {
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
