/** Encrypted backups by restic. */
@NullMarked
package io.mapwright.operator.backup;

import org.jspecify.annotations.NullMarked;
