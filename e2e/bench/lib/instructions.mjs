// See e2e/bench/instructions, which calls this.
import { writeFileSync } from 'node:fs';
import { count, under } from './callgrind.mjs';
import { http1, http2 } from './client.mjs';
import { first, groups } from './groups.mjs';
import { at, bareOn, certificate, end, gatewayOn, keys, listening, origin, rounded, startHaproxy, version } from './world.mjs';

const requests = Number(process.env.REQUESTS ?? 500);
const counts = (process.env.KEYS ?? '10 10000 100000').split(' ').map(Number);
const repeats = Number(process.env.REPEATS ?? 3);
const hostile = `&x=${'%2e%2f'.repeat(2333)}`;
const ways = { http1: [http1, ''], http2: [http2, ''], anotherParameter: [http1, '&a=1'], hostile14kB: [http1, hostile] };

// One thread; under callgrind all is some forty times slower, which newer versions would report as blocked traffic.
const alone = (text) => text.replace('nbthread 2', 'nbthread 1\n.if version_atleast(3.2)\n    warn-blocked-traffic-after 1s\n.endif');
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Instructions for one request of each kind, and how far the repeats are apart in percent. */
async function measure(name, port, config, minted, kinds = Object.keys(ways)) {
  const out = at(`count-${port}`);
  const process = startHaproxy(config, under(out));
  await listening({ name, port }, 300);
  const result = {};
  for (const kind of kinds) {
    const [open, tail] = ways[kind];
    const client = open(port);
    const send = async () => {
      for (let i = 0; i < requests; i += 1) {
        const status = await client.get(`/tiles/countries/4/${i % 16}/${(i * 7) % 16}.mvt?key=${minted[i % minted.length]}${tail}`);
        if (status !== 200 && tail !== hostile) throw new Error(`${name} answered ${status}`);
      }
    };
    await send();
    const seen = [];
    for (let i = 0; i < repeats; i += 1) seen.push((await count(out, process.pid, send)) / requests);
    client.close();
    result[kind] = { instructions: Math.round(mean(seen)), spreadPercent: rounded((100 * (Math.max(...seen) - Math.min(...seen))) / mean(seen)) };
  }
  process.kill();
  console.error(name, JSON.stringify(result));
  return result;
}

async function main() {
  certificate();
  origin();
  const bare = await measure('bare', 21443, bareOn(21443, alone), keys(10));
  const targets = { bare };
  for (const [i, number] of counts.entries()) {
    const port = 21500 + 10 * i;
    const minted = keys(number);
    const seen = await measure(`gateway ${number}`, port, gatewayOn(port, minted, alone), minted);
    for (const kind of Object.keys(seen)) seen[kind].versusBare = rounded(seen[kind].instructions / bare[kind].instructions);
    targets[`gateway ${number}`] = seen;
  }
  const few = keys(10);
  const cuts = [];
  for (let number = 0; number <= groups.length; number += 1) {
    const port = 21600 + 10 * number;
    const config = gatewayOn(port, few, (text) => first(number, alone(text)));
    cuts.push((await measure(`first ${number} groups`, port, config, few, ['http1'])).http1.instructions);
  }
  const figures = {
    measured: new Date().toISOString().slice(0, 10),
    haproxy: version(),
    what: 'instructions in user space for one request over one kept connection, one thread, TLS, 8 kB, the mean of the repeats',
    requests, repeats, targets,
    groups: { none: cuts[0], ...Object.fromEntries(groups.map((name, i) => [name, cuts[i + 1] - cuts[i]])), all: cuts.at(-1) },
  };
  writeFileSync(process.env.OUT ?? 'e2e/bench/instructions.json', `${JSON.stringify(figures, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
}

try {
  await main();
} finally {
  await end();
}
