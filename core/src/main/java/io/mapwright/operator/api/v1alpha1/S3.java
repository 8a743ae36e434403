package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A bucket of an S3-compatible server. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record S3(
    @JsonPropertyDescription("URL of the server, such as https://s3.eu-central-1.example.com.")
        @Size(max = 512)
        @Pattern("^https?://[-.:a-zA-Z0-9]+$")
        @Required
        String endpoint,
    @JsonPropertyDescription("Name of the bucket.")
        @Size(min = 3, max = 63)
        @Pattern("^[-.a-z0-9]+$")
        @Required
        String bucket,
    @JsonPropertyDescription("Folder in the bucket. Default: namespace and name of the instance.")
        @Size(max = 255)
        @Pattern("^[-._/a-zA-Z0-9]+$")
        @Nullable String prefix,
    @JsonPropertyDescription("Region, if the server requires one.")
        @Size(max = 64)
        @Pattern("^[-a-z0-9]+$")
        @Nullable String region) {}
