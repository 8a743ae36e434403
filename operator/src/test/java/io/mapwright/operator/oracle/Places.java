package io.mapwright.operator.oracle;

/** Names that worlds and cases share. */
final class Places {
  static final String HOST = "maps.example.com";
  static final String CONSOLE = "admin.example.com";
  static final String SITE = "https://www.example.com";

  private Places() {}
}
