// What the measurements of the gateway share: keys, a map server with answers of 8 kB, a bare HAProxy, and gateways.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

const haproxy = process.env.HAPROXY;
const golden = 'operator/src/test/resources/golden/sample-quickstart';
const scripts = 'core/src/main/resources/io/mapwright/operator/gateway';
const home = mkdtempSync(join(tmpdir(), 'mapwright-bench-'));
const started = [];

export const host = 'maps.example.com';
export const at = (...parts) => join(home, ...parts);
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
export const rounded = (value, digits = 2) => Number(value.toFixed(digits));
export const version = () => execFileSync(haproxy, ['-v'], { encoding: 'utf8' }).split(' ')[2];

/** Starts a program whose log goes through a pipe that is read, as it does under a kubelet. */
export function start(program, args) {
  const pipe = at(`log-${started.length}`);
  execFileSync('mkfifo', [pipe]);
  started.push(spawn('cat', [pipe], { stdio: ['ignore', 'ignore', 'inherit'] }));
  const log = openSync(pipe, 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, 'inherit'] });
  closeSync(log);
  started.push(child);
  return child;
}

/** Starts HAProxy, or what `under` starts it with. */
export function startHaproxy(config, under = []) {
  const [program, ...args] = [...under, haproxy, '-db', '-f', config];
  return start(program, args);
}

/** Ends what was started, and removes its files. */
export async function end() {
  for (const child of started) child.kill();
  await pause(300);
  rmSync(home, { recursive: true, force: true });
}

export function certificate() {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${host}`, '-keyout', at('tls.key'), '-out', at('tls.crt')], { stdio: 'ignore' });
}

function mint() {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const body = `mpw_pk_${Array.from(randomBytes(28), (byte) => alphabet[byte % 62]).join('')}`;
  return body + crc32(body).toString(16).padStart(8, '0');
}

export function keys(count) {
  const minted = Array.from({ length: count }, mint);
  writeFileSync(at(`keys-${count}`), minted.join('\n'));
  return minted;
}

function mapOf(minted) {
  return minted
    .map((key) => createHash('sha256').update(key).digest('hex').toUpperCase())
    .map((digest) => `${digest} k${digest.slice(0, 24).toLowerCase()}|97|253402300799|1000000|10000000|0|*|m-|k${digest.slice(0, 24).toLowerCase()}\n`)
    .join('');
}

/** Writes the quickstart's gateway with a table of these keys, and returns the path of its configuration. */
export function gatewayOn(port, minted, edit = (text) => text) {
  const folder = at(`gateway-${port}`);
  for (const name of ['gateway', 'tls', 'control', 'run']) mkdirSync(join(folder, name), { recursive: true });
  for (const place of ['tls', 'control']) {
    for (const file of ['tls.crt', 'tls.key']) writeFileSync(join(folder, place, file), readFileSync(at(file)));
  }
  writeFileSync(join(folder, 'control/ca.crt'), readFileSync(at('tls.crt')));
  writeFileSync(join(folder, 'gateway/routes.map'), readFileSync(join(golden, 'routes.map')));
  writeFileSync(join(folder, 'gateway/meta.map'), 'ready 1\ngeneration 1\ntable bench\ntrusted 253402300799\nmax_age 0\n');
  for (const name of ['origins', 'session', 'shares']) writeFileSync(join(folder, `gateway/${name}.map`), '');
  writeFileSync(join(folder, 'gateway/keys.map'), mapOf(minted));
  writeFileSync(
    join(folder, 'gateway/control.lua'),
    readFileSync(join(scripts, 'control.lua'), 'utf8')
      .replace('{{admin}}', join(folder, 'run/admin.sock'))
      .replace('{{maps}}', join(folder, 'gateway/keys.map'))
      .replace('{{certificates}}', join(folder, 'tls/tls.crt')),
  );
  writeFileSync(
    join(folder, 'gateway/lending.lua'),
    readFileSync(join(scripts, 'lending.lua'), 'utf8')
      .replace('{{shares}}', join(folder, 'gateway/shares.map'))
      .replace('{{meta}}', join(folder, 'gateway/meta.map'))
      .replace('{{socket}}', join(folder, 'run/borrow.sock'))
      .replaceAll('{{keysExpire}}', '86400000')
      .replace('{{clientsExpire}}', '60000'),
  );
  const ports = { 10443: port, 10080: port + 1, 10404: port + 2, 10999: port + 3, 10998: port + 4 };
  const text = edit(readFileSync(join(golden, 'haproxy.cfg'), 'utf8'))
    .split('\n')
    .filter((line) => !line.includes('bind [::]'))
    .join('\n')
    .replaceAll('/etc/mapwright', folder)
    .replaceAll('/run/mapwright', join(folder, 'run'))
    .replaceAll(/bind 0\.0\.0\.0:(\d+)/g, (_, given) => `bind 127.0.0.1:${ports[given]}`)
    .replaceAll('127.0.0.1:8080', '127.0.0.1:21080');
  writeFileSync(join(folder, 'haproxy.cfg'), text);
  return join(folder, 'haproxy.cfg');
}

const common = `defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 60s
    timeout http-request 5s
    timeout http-keep-alive 15s
`;

/** Starts the map server, on port 21080. */
export function origin() {
  writeFileSync(at('body'), randomBytes(8192));
  writeFileSync(at('origin.cfg'), `global\n    nbthread 1\n${common}frontend origin\n    bind 127.0.0.1:21080\n    http-request return status 200 content-type application/x-protobuf file ${at('body')} hdr Cache-Control max-age=3600\n`);
  startHaproxy(at('origin.cfg'));
}

/** Writes a bare HAProxy with TLS and a log, and returns the path of its configuration. */
export function bareOn(port, edit = (text) => text) {
  writeFileSync(at('bare.cfg'), edit(`global\n    nbthread 2\n    ssl-load-extra-files key\n    ssl-load-extra-del-ext\n    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n${common}frontend https\n    bind 127.0.0.1:${port} ssl crt ${at('tls.crt')} alpn h2,http/1.1\n    log stdout len 4096 format raw local0 info\n    option httplog\n    default_backend map\nbackend map\n    server map 127.0.0.1:21080\n`));
  return at('bare.cfg');
}

/** Waits until something listens, for as many seconds at the most. */
export async function listening({ name, port }, seconds = 30) {
  for (let tries = 0; tries < 10 * seconds; tries += 1) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(100);
  }
  throw new Error(`gave up waiting for ${name} to listen on port ${port}`);
}
