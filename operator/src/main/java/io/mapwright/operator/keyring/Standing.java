package io.mapwright.operator.keyring;

import io.mapwright.operator.model.Admission;
import java.util.Optional;

/**
 * How a key stands with its instance.
 *
 * @param admission how the instance receives the key's namespace
 * @param tooMany whether the namespace has older keys enough
 * @param refusal why the digest that was asked about does not open for it
 */
public record Standing(Admission admission, boolean tooMany, Optional<Refusal> refusal) {}
