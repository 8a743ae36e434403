package io.mapwright.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may reach the instance and what it may reach. Everything else is cut. */
@SchemaCustomizer(value = ListTypes.class, input = "ingressFrom=atomic;egressTo=atomic;dns=atomic")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Network(
    @JsonPropertyDescription("Who may reach the public ports. Default: anybody.")
        @Size(min = 1, max = 64)
        @Nullable List<Peer> ingressFrom,
    @JsonPropertyDescription(
            "What the map server may reach, for example its database. Default: nothing, not even DNS; the resolvers of dns come with the first entry.")
        @Size(max = 64)
        @Nullable List<Peer> egressTo,
    @JsonPropertyDescription(
            "Resolvers that pods of the instance may query if they may reach anything at all, on port 53 (UDP and TCP) unless ports are named. Default: pods labelled k8s-app=kube-dns in the namespace kube-system, and 169.254.20.10, the cache on each node.")
        @Size(min = 1, max = 16)
        @Nullable List<Peer> dns) {}
