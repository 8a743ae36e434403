package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How many snapshots are kept, and whether the others are removed after each backup. */
@ValidationRule(
    value =
        "has(self.mode) && self.mode == 'KeepAll' || [has(self.last) && self.last > 0, has(self.hourly) && self.hourly > 0, has(self.daily) && self.daily > 0, has(self.weekly) && self.weekly > 0, has(self.monthly) && self.monthly > 0].exists(x, x)",
    message = "retention: at least one of last, hourly, daily, weekly and monthly must be above 0")
@ValidationRule(
    value =
        "!has(self.mode) || self.mode != 'KeepAll' || !(has(self.last) || has(self.hourly) || has(self.daily) || has(self.weekly) || has(self.monthly))",
    message =
        "retention.mode: KeepAll removes nothing: leave out last, hourly, daily, weekly and monthly")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Retention(
    @JsonPropertyDescription(
            "Prune removes the snapshots that are not kept after each backup. KeepAll removes none, for an append-only repository, so that stolen credentials cannot erase history; prune it from elsewhere. Default: Prune.")
        @Nullable RetentionMode mode,
    @JsonPropertyDescription("The newest ones.") @Min(0) @Max(10000) @Nullable Integer last,
    @JsonPropertyDescription("One an hour.") @Min(0) @Max(10000) @Nullable Integer hourly,
    @JsonPropertyDescription("One a day. Default, if nothing is set: 7.") @Min(0) @Max(10000)
        @Nullable Integer daily,
    @JsonPropertyDescription("One a week. Default, if nothing is set: 4.") @Min(0) @Max(10000)
        @Nullable Integer weekly,
    @JsonPropertyDescription("One a month. Default, if nothing is set: 6.") @Min(0) @Max(10000)
        @Nullable Integer monthly) {}
