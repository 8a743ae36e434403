// Instructions that a process executes in its own code, the kernel's not among them, counted by callgrind.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What a program is started with, so that it writes its counts to files whose names begin with `out`. */
export const under = (out) => ['valgrind', '-q', '--tool=callgrind', '--trace-children=yes', `--callgrind-out-file=${out}.%p`, `--log-file=${out}.log.%p`];

/** Counts what the process executes while `work` runs. */
export async function count(out, pid, work) {
  const control = (option) => execFileSync('callgrind_control', [option, String(pid)], { stdio: 'ignore' });
  for (const file of dumps(out, pid)) rmSync(file);
  control('-z');
  await work();
  control('-d');
  const [file, ...others] = dumps(out, pid);
  if (!file || others.length) throw new Error(`callgrind wrote ${others.length + (file ? 1 : 0)} files for process ${pid}, not one`);
  return Number(/^(?:summary|totals): (\d+)$/m.exec(readFileSync(file, 'utf8'))[1]);
}

function dumps(out, pid) {
  const folder = dirname(out);
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(out)}.${pid}.`))
    .map((name) => join(folder, name));
}
