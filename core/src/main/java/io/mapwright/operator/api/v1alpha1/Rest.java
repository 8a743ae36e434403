package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A restic REST server. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Rest(
    @JsonPropertyDescription(
            "URL of the repository, without user and password (they belong in the credentials Secret as RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD).")
        @Size(max = 512)
        @Pattern("^https?://[-.:a-zA-Z0-9]+(/[-._~/a-zA-Z0-9]*)?$")
        @Required
        String url) {}
