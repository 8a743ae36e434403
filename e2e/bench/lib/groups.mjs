// The gateway's configuration with the first groups of its rules only, to see what each adds.

/** The groups in the order in which they decide; the last is what the map server's backend does. */
export const groups = ['log', 'client address', 'fast path', 'shape', 'route', 'preflight', 'key', 'origin', 'limits', 'answers', 'data'];

const rule = /^ +(?:http-request|http-response|http-after-response|tcp-request|use_backend|unique-id-format|log-format|error-log-format|option http-restrict)/;

/** Removes all rules but those of the first `count` groups; requests that pass them go to the map server. */
export function first(count, text) {
  const kept = new Set(groups.slice(0, count));
  let section = '';
  let group = '';
  const lines = text.split('\n').flatMap((line) => {
    if (/^\S/.test(line)) [section, group] = [line, ''];
    group = section.startsWith('frontend https') ? (/^ +# --- ([a-z]+(?: address| path)?)/.exec(line)?.[1] ?? group) : /^(?:defaults data|backend tiles)/.test(section) ? 'data' : '';
    if (group === 'backends') return count === groups.length ? [line] : line.includes('# ---') ? ['    use_backend tiles'] : [];
    return group !== '' && !kept.has(group) && rule.test(line) ? [] : [line];
  });
  const unknown = groups.filter((name) => name !== 'data' && !text.includes(`# --- ${name}`));
  if (unknown.length) throw new Error(`no such groups of rules: ${unknown}`);
  return (kept.has('log') ? lines : lines.flatMap((line) => (/^ +log stdout/.test(line) ? [line, '    option httplog'] : [line]))).join('\n');
}
