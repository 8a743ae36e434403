// See e2e/bench/gateway, which calls this.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { at, bareOn, certificate, end, gatewayOn, host, keys, listening, median, origin, rounded, start, startHaproxy, version } from './world.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS_EACH ?? 3);
const others = process.env.OTHERS !== 'no';

function nginx(minted) {
  writeFileSync(at('keys.conf'), minted.map((key) => `${key} 1;\n`).join(''));
  writeFileSync(at('nginx.conf'), `daemon off; worker_processes 2; pid ${at('nginx.pid')}; error_log stderr crit;
events { worker_connections 512; }
http {
  map_hash_max_size 262144; map_hash_bucket_size 128; access_log ${at('nginx.log')}; keepalive_requests 1000000;
  client_body_temp_path ${at('b')}; proxy_temp_path ${at('p')}; fastcgi_temp_path ${at('f')}; uwsgi_temp_path ${at('u')}; scgi_temp_path ${at('s')};
  map $arg_key $known { default 0; include ${at('keys.conf')}; }
  upstream map { server 127.0.0.1:21080; keepalive 64; }
  server {
    listen 127.0.0.1:21444 ssl; ssl_certificate ${at('tls.crt')}; ssl_certificate_key ${at('tls.key')};
    large_client_header_buffers 4 32k;
    location / { if ($known = 0) { return 401; } proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://map; }
  }
}
`);
  return start('/usr/sbin/nginx', ['-c', at('nginx.conf'), '-p', at()]);
}

function caddy(minted) {
  writeFileSync(at('known'), minted.map((key) => `      ${key} 1\n`).join(''));
  writeFileSync(at('Caddyfile'), `{
  admin off
  auto_https off
  storage file_system ${at('caddy')}
}
https://:21445 {
  tls ${at('tls.crt')} ${at('tls.key')}
  log {
    output file ${at('caddy.log')}
  }
  map {query.key} {known} {
    import ${at('known')}
    default 0
  }
  @unknown vars {known} 0
  respond @unknown 401
  reverse_proxy 127.0.0.1:21080
}
`);
  return start('caddy', ['run', '--config', at('Caddyfile'), '--adapter', 'caddyfile']);
}

/** A process and its workers. */
function family(pid) {
  return [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)];
}

/** Nanoseconds of CPU that a process and its workers have used. */
function cpu(pid) {
  return family(pid)
    .flatMap((id) => readdirSync(`/proc/${id}/task`).map((task) => readFileSync(`/proc/${id}/task/${task}/schedstat`, 'utf8')))
    .reduce((sum, stat) => sum + Number(stat.split(' ')[0]), 0);
}

/** MiB that are resident, shared ones counted for each worker. */
function memory(pid) {
  const resident = (id) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]);
  return Math.round(family(pid).reduce((sum, id) => sum + resident(id), 0) / 1024);
}

/** Random tiles with random keys; connections rest for `pause` milliseconds between requests. */
function wrk(target, { connections = 32, hostile = 0, pause = 0 } = {}) {
  const out = execFileSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', 'e2e/bench/lib/tiles.lua', '-H', `Host: ${host}`, `https://127.0.0.1:${target.port}`], {
    encoding: 'utf8',
    env: { ...process.env, KEYS: at(`keys-${target.keys}`), HOSTILE: String(hostile), PAUSE: String(pause) },
  });
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(out);
  if (refused && hostile === 0) throw new Error(`${target.name} refused ${refused[1]} requests`);
  const [requests, p50, p99] = /(\d+) requests, p50 ([\d.]+) us, p99 ([\d.]+) us/.exec(out).slice(1).map(Number);
  return { requests, p50, p99, rate: requests / seconds };
}

/** Microseconds of CPU for one request, and requests a second. */
function load(target, hostile = 0) {
  const before = cpu(target.process.pid);
  const { requests, rate } = wrk(target, { hostile });
  return { cpu: (cpu(target.process.pid) - before) / requests / 1000, rate };
}

/** How long answers take, in microseconds, at some 2,000 requests a second. */
function latencies(target) {
  return wrk(target, { connections: 42, pause: 20 });
}

async function main() {
  certificate();
  origin();
  const minted = Object.fromEntries([10, 10_000, 100_000].map((count) => [count, keys(count)]));
  const targets = [
    { name: 'bare', port: 21443, keys: 10_000, process: startHaproxy(bareOn(21443)) },
    ...[10, 10_000, 100_000].map((count, i) => ({ name: `gateway ${count}`, port: 21500 + 10 * i, keys: count, process: startHaproxy(gatewayOn(21500 + 10 * i, minted[count])) })),
    ...(others
      ? [
          { name: 'nginx map 10000', port: 21444, keys: 10_000, process: nginx(minted[10_000]) },
          { name: 'caddy map 10000', port: 21445, keys: 10_000, process: caddy(minted[10_000]) },
        ]
      : []),
  ];
  for (const target of targets) await listening(target);
  const seen = Object.fromEntries(targets.map((target) => [target.name, { cpu: [], rate: [], p50: [], p99: [], steady: [] }]));
  const hostile = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) {
      const { cpu: spent, rate: reached } = load(target);
      seen[target.name].cpu.push(spent);
      seen[target.name].rate.push(reached);
    }
    for (const target of targets.slice(0, 3)) {
      const steady = latencies(target);
      for (const figure of ['p50', 'p99']) seen[target.name][figure].push(steady[figure]);
      seen[target.name].steady.push(steady.rate);
    }
    hostile.push(load(targets[2], 14_000).cpu);
  }
  const bare = median(seen.bare.cpu);
  const plain = median(seen['gateway 10000'].cpu);
  const figures = {
    measured: new Date().toISOString().slice(0, 10),
    haproxy: version(),
    rounds, secondsEach: seconds, loadBefore: rounded(loadavg()[0]),
    targets: Object.fromEntries(targets.map((target) => {
      const values = seen[target.name];
      return [target.name, {
        cpuMicrosecondsPerRequest: rounded(median(values.cpu)),
        cpuVersusBare: rounded(median(values.cpu) / bare),
        requestsPerSecond: Math.round(median(values.rate)),
        ...(values.p99.length ? { steadyRate: Math.round(median(values.steady)), p50Microseconds: Math.round(median(values.p50)), p99Microseconds: Math.round(median(values.p99)), p99VersusBare: rounded(median(values.p99) / median(seen.bare.p99)) } : {}),
        memoryMiB: memory(target.process.pid),
        rounds: values.cpu.map((value) => rounded(value)),
      }];
    })),
    hostile14kBVersusPlain: rounded(median(hostile) / plain),
  };
  writeFileSync(process.argv[2], `${JSON.stringify(figures, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
}

try {
  await main();
} finally {
  await end();
}
