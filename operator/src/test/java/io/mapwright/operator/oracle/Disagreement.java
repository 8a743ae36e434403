package io.mapwright.operator.oracle;

/** A case in which model and gateway differ. */
record Disagreement(Case asked, String objection) {

  /** Everything that is needed to ask it again. */
  String text() {
    return "# %s\n# %s\n%s".formatted(asked.name(), objection, CaseText.write(asked));
  }
}
