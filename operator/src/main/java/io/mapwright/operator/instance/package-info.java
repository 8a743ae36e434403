/** The pass over a MapwrightInstance: gather, check, plan, apply, report. */
@NullMarked
package io.mapwright.operator.instance;

import org.jspecify.annotations.NullMarked;
