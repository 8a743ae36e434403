package io.mapwright.operator.plan;

import io.mapwright.operator.api.v1alpha1.MapwrightInstanceStatus;
import io.mapwright.operator.api.v1alpha1.UpdateStatus;
import io.mapwright.operator.api.v1alpha1.Updates;
import io.mapwright.operator.cause.Evidence;
import io.mapwright.operator.cause.Explanation;
import io.mapwright.operator.cause.Subject;
import io.mapwright.operator.facts.Diagnosis;
import io.mapwright.operator.facts.Gathered;
import io.mapwright.operator.facts.InstanceFacts;
import io.mapwright.operator.facts.PodAge;
import io.mapwright.operator.facts.ProofQuestion;
import io.mapwright.operator.model.ImageDecision;
import io.mapwright.operator.model.InstanceInput;
import io.mapwright.operator.model.Labels.Task;
import io.mapwright.operator.model.RunningImages;
import io.mapwright.operator.update.ImageUpdate;
import io.mapwright.operator.update.LogRetention;
import io.mapwright.operator.update.Rollout;
import io.mapwright.operator.update.RunningContainer;
import io.mapwright.operator.update.UpdateFacts;
import io.mapwright.operator.workload.Workload;
import java.util.Optional;

/**
 * What a pass decides: which image runs, how long logs are kept, how far a deletion has progressed.
 * A pure function of what was gathered.
 *
 * @param facts what was gathered, with the decisions in its input
 * @param finalBackup progress of the final backup, if the instance waits for it
 * @param proof what to ask the pods before the next pass
 * @param events the object whose Events are to be read before the next pass
 */
public record Decisions(
    InstanceFacts facts,
    Optional<FinalBackupDecision> finalBackup,
    Optional<ProofQuestion> proof,
    Optional<Subject> events) {

  public static Decisions of(Gathered gathered) {
    var finalBackup =
        Optional.of(gathered.instance())
            .filter(FinalBackupDecision::isBeingDeleted)
            .filter(FinalBackupDecision::isRequested)
            .map(instance ->
                new FinalBackupDecision(
                    instance,
                    gathered.in(),
                    gathered.backups(),
                    gathered.finalBackup(),
                    gathered.now()));
    var update =
        finalBackup.isEmpty() ? Optional.of(new Update(gathered)) : Optional.<Update>empty();
    var in =
        finalBackup
            .map(FinalBackupDecision::progress)
            .map(gathered.in()::with)
            .or(() -> update.map(Update::decide).map(gathered.in()::with))
            .orElseThrow();
    var evidence =
        in.stopped()
            ? Optional.<Evidence>empty()
            : Optional.of(
                new Evidence(in, gathered.deployment(), gathered.pods().all(), gathered.now()));
    return new Decisions(
        facts(gathered, in, Diagnosis.of(evidence, gathered.events())),
        finalBackup,
        update.flatMap(Update::question),
        evidence.flatMap(Evidence::subject));
  }

  private static InstanceFacts facts(Gathered gathered, InstanceInput in, Diagnosis diagnosis) {
    return new InstanceFacts(
        in,
        gathered.conflicts(),
        gathered.certificate(),
        gathered.certificatePem(),
        gathered.deployment(),
        diagnosis,
        gathered.backups(),
        PodAge.oldest(gathered.pods().all()),
        gathered.replicas(),
        gathered.replicasKnown(),
        gathered.now());
  }

  /** The image, and until when the pods keep their logs. */
  private static final class Update {
    private final Gathered gathered;
    private final InstanceInput in;
    private final Rollout rollout;
    private final boolean awaitsProof;
    private final ProofQuestion asked;
    private final Optional<String> lostGateway;

    Update(Gathered gathered) {
      this.gathered = gathered;
      in = gathered.in();
      rollout =
          Rollout.of(
              in.server().image(),
              Workload.SERVER_CONTAINER,
              gathered.deployment(),
              gathered.pods().all(),
              new Explanation(in));
      awaitsProof = ImageUpdate.awaitsProof(in.server().image(), before(), rollout);
      asked = new ProofQuestion(in.server().image(), gathered.pods().addresses(), in.probePaths());
      lostGateway =
          LostGateways.lost(gathered.pods().live(), gathered.replicas())
              .filter(_ -> !in.probePaths().isEmpty());
    }

    ImageDecision decide() {
      var decision =
          ImageUpdate.decide(
              new UpdateFacts(
                  in.server().image(),
                  in.updates(),
                  before(),
                  rollout,
                  unproven(),
                  gathered.backups().ended(Task.BACKUP, true),
                  gathered.backups().ended(Task.BACKUP, false),
                  in.requestsNoPods(),
                  gathered.now()));
      var logs =
          in.logRetention()
              .map(age -> new LogRetention(age, in.updates().map(Updates::window)))
              .map(retention -> retention.decide(gathered.deployment(), gathered.now()));
      return new ImageDecision(
          decision.image(),
          Optional.of(decision.status()),
          decision.recheckAt(),
          logs,
          new RunningImages(
              RunningContainer.digests(Workload.SERVER_CONTAINER, gathered.pods().all()),
              RunningContainer.digests(Workload.GATEWAY_CONTAINER, gathered.pods().all())));
    }

    /** What to ask the pods; empty if nothing has to be proven, or no answer would count. */
    Optional<ProofQuestion> question() {
      return Optional.of(asked)
          .filter(ProofQuestion::canBeAsked)
          .filter(_ -> awaitsProof && lostGateway.isEmpty());
    }

    private Optional<String> unproven() {
      return awaitsProof ? lostGateway.or(() -> asked.failure(gathered.proof())) : Optional.empty();
    }

    private Optional<UpdateStatus> before() {
      return Optional.ofNullable(gathered.instance().getStatus())
          .map(MapwrightInstanceStatus::update);
    }
  }
}
