package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restores the newest snapshot into a separate pod, isolates it from the network, starts the map
 * server there and probes it.
 */
@SchemaCustomizer(value = ListTypes.class, input = "paths=set")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Drill(
    @JsonPropertyDescription("When to run, as a cron expression like backup.schedule.")
        @Size(min = 6, max = 128)
        @Required
        String schedule,
    @JsonPropertyDescription(
            "Paths that the restored server must answer with something, such as /data/planet/0/0/0.pbf. Default: a tile, a style and a range of glyphs, where the server lists them at /data.json, /styles.json and /fonts.json.")
        @Size(min = 1, max = 32)
        @Nullable List<@Size(min = 1, max = 255) @Pattern("^/[-._~%/a-zA-Z0-9]*$") String> paths,
    @JsonPropertyDescription(
            "Query whose one number must be above 0 in the restored database. Default: the number of tables.")
        @Size(min = 1, max = 1024)
        @Nullable String sql) {}
