package io.mapwright.operator.model;

import java.util.List;

/**
 * Digests ({@code sha256:…}) of the images that run, sorted; several for one image while pods are
 * replaced, or if its tag was moved between two starts.
 */
public record RunningImages(List<String> server, List<String> gateway) {
  public static final RunningImages NONE = new RunningImages(List.of(), List.of());

  public RunningImages {
    server = List.copyOf(server);
    gateway = List.copyOf(gateway);
  }
}
