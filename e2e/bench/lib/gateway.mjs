// See e2e/bench/gateway, which calls this.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

const haproxy = process.env.HAPROXY;
const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS_EACH ?? 3);
const home = mkdtempSync(join(tmpdir(), 'mapwright-bench-'));
const golden = 'operator/src/test/resources/golden/sample-quickstart';
const filter = 'core/src/main/resources/io/mapwright/operator/gateway/control.lua';
const host = 'maps.example.com';
const started = [];

const at = (...parts) => join(home, ...parts);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** Starts a program whose log goes through a pipe that is read, as it does under a kubelet. */
function start(program, args) {
  const pipe = at(`log-${started.length}`);
  execFileSync('mkfifo', [pipe]);
  started.push(spawn('cat', [pipe], { stdio: ['ignore', 'ignore', 'inherit'] }));
  const log = openSync(pipe, 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, 'inherit'] });
  closeSync(log);
  started.push(child);
  return child;
}

function mint() {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const body = `mpw_pk_${Array.from(randomBytes(28), (byte) => alphabet[byte % 62]).join('')}`;
  return body + crc32(body).toString(16).padStart(8, '0');
}

function keys(count) {
  const minted = Array.from({ length: count }, mint);
  writeFileSync(at(`keys-${count}`), minted.join('\n'));
  return minted;
}

function mapOf(minted) {
  return minted
    .map((key) => createHash('sha256').update(key).digest('hex').toUpperCase())
    .map((digest) => `${digest} k${digest.slice(0, 12).toLowerCase()}|1|253402300799|1000000|10000000|0|*|m-\n`)
    .join('');
}

function gatewayOn(port, count, minted) {
  const folder = at(`gateway-${count}`);
  for (const name of ['gateway', 'tls', 'control', 'run']) mkdirSync(join(folder, name), { recursive: true });
  for (const place of ['tls', 'control']) {
    for (const file of ['tls.crt', 'tls.key']) writeFileSync(join(folder, place, file), readFileSync(at(file)));
  }
  writeFileSync(join(folder, 'control/ca.crt'), readFileSync(at('tls.crt')));
  writeFileSync(join(folder, 'gateway/routes.map'), readFileSync(join(golden, 'routes.map')));
  writeFileSync(join(folder, 'gateway/meta.map'), 'ready 1\ngeneration 1\ntable bench\ntrusted 253402300799\nmax_age 0\n');
  for (const name of ['origins', 'session']) writeFileSync(join(folder, `gateway/${name}.map`), '');
  writeFileSync(join(folder, 'gateway/keys.map'), mapOf(minted));
  writeFileSync(
    join(folder, 'gateway/control.lua'),
    readFileSync(filter, 'utf8')
      .replace('{{admin}}', join(folder, 'run/admin.sock'))
      .replace('{{maps}}', join(folder, 'gateway/keys.map'))
      .replace('{{certificates}}', join(folder, 'tls/tls.crt')),
  );
  const ports = { 10443: port, 10080: port + 1, 10404: port + 2, 10999: port + 3 };
  const text = readFileSync(join(golden, 'haproxy.cfg'), 'utf8')
    .split('\n')
    .filter((line) => !line.includes('bind [::]'))
    .join('\n')
    .replaceAll('/etc/mapwright', folder)
    .replaceAll('/run/mapwright', join(folder, 'run'))
    .replaceAll(/0\.0\.0\.0:(\d+)/g, (_, given) => `127.0.0.1:${ports[given]}`)
    .replaceAll('127.0.0.1:8080', '127.0.0.1:21080');
  writeFileSync(join(folder, 'haproxy.cfg'), text);
  return start(haproxy, ['-db', '-f', join(folder, 'haproxy.cfg')]);
}

const common = `defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 60s
    timeout http-request 5s
    timeout http-keep-alive 15s
`;

function originAndBare() {
  writeFileSync(at('body'), randomBytes(8192));
  writeFileSync(at('origin.cfg'), `global\n    nbthread 1\n${common}frontend origin\n    bind 127.0.0.1:21080\n    http-request return status 200 content-type application/x-protobuf file ${at('body')} hdr Cache-Control max-age=3600\n`);
  start(haproxy, ['-db', '-f', at('origin.cfg')]);
  writeFileSync(at('bare.cfg'), `global\n    nbthread 2\n    ssl-load-extra-files key\n    ssl-load-extra-del-ext\n    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n${common}frontend https\n    bind 127.0.0.1:21443 ssl crt ${at('tls.crt')} alpn h2,http/1.1\n    log stdout len 4096 format raw local0 info\n    option httplog\n    default_backend map\nbackend map\n    server map 127.0.0.1:21080\n`);
  return start(haproxy, ['-db', '-f', at('bare.cfg')]);
}

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
  return start('/usr/sbin/nginx', ['-c', at('nginx.conf'), '-p', home]);
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

/** Waits until something listens, for half a minute at the most. */
async function listening({ name, port }) {
  for (let tries = 0; tries < 300; tries += 1) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(100);
  }
  throw new Error(`gave up waiting for ${name} to listen on port ${port}`);
}

async function main() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${host}`, '-keyout', at('tls.key'), '-out', at('tls.crt')], { stdio: 'ignore' });
  const minted = Object.fromEntries([10, 10_000, 100_000].map((count) => [count, keys(count)]));
  const targets = [
    { name: 'bare', port: 21443, keys: 10_000, process: originAndBare() },
    ...[10, 10_000, 100_000].map((count, i) => ({ name: `gateway ${count}`, port: 21500 + 10 * i, keys: count, process: gatewayOn(21500 + 10 * i, count, minted[count]) })),
    { name: 'nginx map 10000', port: 21444, keys: 10_000, process: nginx(minted[10_000]) },
    { name: 'caddy map 10000', port: 21445, keys: 10_000, process: caddy(minted[10_000]) },
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
    haproxy: execFileSync(haproxy, ['-v'], { encoding: 'utf8' }).split(' ')[2],
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
  for (const child of started) child.kill();
  await pause(300);
  rmSync(home, { recursive: true, force: true });
}
