import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseEnv, promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { portsFrom } from '#cli/checkout.ts';
import { CONTROL_HEADER } from '#services/common/control-key.ts';
import { freeBase, isFree, OFFSETS } from '../support/ports.ts';
import { survivors, treeOf } from '../support/processes.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const run = promisify(execFile);
/** Seconds that a start may take on a busy machine, and that everything may take to be gone. */
const START_MS = 150_000;
const GONE_MS = 30_000;
const FRONT = 'http://front.test:3000';

let home: string;
let base: number;
let running: ChildProcess | null = null;

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'study-paths-dev-'));
  base = await freeBase();
});

afterEach(() => {
  if (running?.pid !== undefined) for (const { pid } of treeOf(running.pid)) process.kill(pid, 'SIGKILL');
  running = null;
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PORT: String(base), LOCAL_HOME: home, ...more };
}

/** Starts a command that runs `npm run dev` at some point, and waits until it is ready. */
async function start(program: string, args: string[], more: Record<string, string> = {}): Promise<string> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: environment(more),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let output = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready:\n${output}`)), START_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes('ready in')) return;
      clearTimeout(late);
      resolve(output);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`ended:\n${output}`)));
  });
}

function tree() {
  return treeOf(running?.pid ?? 0);
}

function pidOf(command: RegExp): number {
  const found = tree().find(({ line }) => command.test(line));
  if (found === undefined) throw new Error(`no process ${command}`);
  return found.pid;
}

async function portsLeft(): Promise<number[]> {
  const ports = OFFSETS.map((offset) => base + offset);
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

/** Everything that was started is gone, and no port is held. */
async function expectNothingLeft(started: ReturnType<typeof treeOf>): Promise<void> {
  for (const program of ['postgres', 'workerd', 'dev.ts'])
    expect(started.some(({ line }) => line.includes(program))).toBe(true);
  expect(await survivors(started, GONE_MS)).toEqual([]);
  expect(await portsLeft()).toEqual([]);
  running = null;
}

/** Ports on which processes listen, as Linux tells them. */
function listeningPorts(pids: readonly number[]): number[] {
  const sockets = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '';
        } catch {
          return ''; // closed meanwhile
        }
      }),
    ),
  );
  return readFileSync('/proc/net/tcp', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

/** What a page of another site gets for the handshake of a WebSocket: a status, 101 when the socket opens, 0 for none. */
function handshake(port: number, target: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      origin: 'https://evil.example',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const sent = request({ host: '127.0.0.1', port, path: target, headers, timeout: 5000 }, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    });
    sent.once('upgrade', (_res, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(0));
    sent.end();
  });
}

async function fetchStatus(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { method, headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('npm run dev takes variables, makes secrets, opens nothing to pages, and ends when npm gets TERM', async () => {
  const vars = {
    CORS_ORIGINS: FRONT,
    JWT_AUDIENCE: 'front',
    WRITES_PER_MINUTE: '3',
    TUTOR_API_KEY: 'a-key-of-mine',
  };
  const output = await start('npm', ['run', 'dev'], vars);
  const worker = `http://127.0.0.1:${base}`;
  const secrets = JSON.parse(readFileSync(path.join(home, 'secrets.json'), 'utf8')) as Record<string, string>;
  expect(statSync(path.join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(home, 'worker.vars')).mode & 0o777).toBe(0o600);
  for (const secret of Object.values(secrets)) expect(output).not.toContain(secret);
  expect(output).toContain(`psql "$(PORT=${base} npm run --silent psql-url)"`);

  // The printed address works, and its role is no superuser.
  const { stdout: address } = await run('npm', ['run', '--silent', 'psql-url'], {
    cwd: ROOT,
    env: environment(),
  });
  const client = new pg.Client({ connectionString: address.trim() });
  await client.connect();
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user');
  await client.end();
  expect(rows).toEqual([{ rolsuper: false }]);

  // Variables: the other front end may read answers, tokens are for its audience, the fourth write is one too many.
  const { stdout } = await run('npm', ['run', '--silent', 'token', '--', 'dev'], {
    cwd: ROOT,
    env: environment(),
  });
  const bearer = { authorization: `Bearer ${stdout.trim()}`, origin: FRONT };
  const asked = await fetchStatus(`${worker}/v1/study-paths/current`, bearer);
  expect(asked.status).toBe(404);
  expect(asked.headers.get('access-control-allow-origin')).toBe(FRONT);
  const statuses: number[] = [];
  for (let write = 0; write < 5; write += 1)
    statuses.push((await fetchStatus(`${worker}/v1/study-paths`, bearer, 'POST')).status);
  expect(statuses).toContain(201);
  expect(statuses).toContain(429);
  expect((await fetchStatus(`${worker}/readyz`)).status).toBe(200);
  expect(parseEnv(readFileSync(path.join(home, 'worker.vars'), 'utf8'))).toMatchObject(vars);

  // Hosts and origins at the Worker.
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${base + 1}` },
  ];
  for (const headers of foreign) {
    const { status, text } = await fetchStatus(`${worker}/v1/me`, { ...bearer, ...headers });
    expect(status).toBe(403);
    expect(text).toContain('foreign-request');
  }
  const rebound = await new Promise<number>((resolve) => {
    request({ host: '127.0.0.1', port: base, path: '/sign-in', headers: { host: 'evil.example' } }, (res) =>
      resolve(res.resume().statusCode ?? 0),
    ).end();
  });
  expect(rebound).toBe(403);
  const log = () => readFileSync(path.join(home, 'worker.log'), 'utf8').match(/"job-done"/g)?.length ?? 0;
  const crons = log();
  await fetchStatus(`${worker}/cdn-cgi/handler/scheduled?cron=17+*+*+*+*`);
  await fetchStatus(`${worker}/cdn-cgi/local/scheduled`);
  expect(log()).toBe(crons);

  // Switches need the key; no port of any process lets a page in, the runtime's own ones included.
  const requests = `http://127.0.0.1:${portsFrom(base).evaluator}/__local/requests`;
  expect((await fetchStatus(requests)).status).toBe(403);
  expect((await fetchStatus(requests, { [CONTROL_HEADER]: secrets.controlKey ?? '' })).status).toBe(200);
  const started = tree();
  if (existsSync('/proc/net/tcp')) {
    const ports = listeningPorts(started.map(({ pid }) => pid));
    expect(ports.length).toBeGreaterThanOrEqual(OFFSETS.length);
    for (const port of ports) {
      for (const target of ['/', '/core:user:study-paths', '/ws', '/json', '/v2'])
        expect({ port, target, status: await handshake(port, target) }).not.toMatchObject({ status: 101 });
    }
  }

  running?.kill('SIGTERM');
  await expectNothingLeft(started);
});

test('in the background, where the shell has SIGINT ignored, SIGINT to npm ends everything', async () => {
  await start('sh', ['-c', 'npm run dev & wait']);
  const started = tree();
  process.kill(pidOf(/^npm run dev/), 'SIGINT');
  await expectNothingLeft(started);
});

test('everything ends when the shell in front of npm is killed', async () => {
  await start('sh', ['-c', 'npm run dev; true']);
  const started = tree();
  running?.kill('SIGKILL');
  await expectNothingLeft(started);
});

const isRuntime = ({ line }: { line: string }) => /^\S*workerd\s/.test(line);

test('everything ends when all programs of Node are killed', async () => {
  await start('npm', ['run', 'dev']);
  const started = tree();
  for (const { pid, line } of started) if (/^(?:\S*node|npm)\s/.test(line)) process.kill(pid, 'SIGKILL');
  await expectNothingLeft(started);
});

const TWICE = { timeout: 2 * START_MS + 2 * GONE_MS };

test(
  'where even what would end the runtime was killed, the next start ends it, and finds its data',
  TWICE,
  async () => {
    await start('npm', ['run', 'dev']);
    const started = tree();
    const runtime = started.filter(isRuntime);
    expect(runtime.length).toBeGreaterThan(0);
    const others = started.filter((one) => !isRuntime(one) && !/^\S*postgres/.test(one.line));
    for (const { pid } of others) process.kill(pid, 'SIGKILL');
    expect(await survivors(others, GONE_MS)).toEqual([]);
    const output = await start('npm', ['run', 'dev']);
    expect(output).not.toContain('migration');
    expect(await survivors(runtime, 0)).toEqual([]);
    const again = tree();
    running?.kill('SIGTERM');
    await expectNothingLeft(again);
  },
);

test.each([
  ['CORS_ORIGINS', 'https://app.example/', 'write https://app.example'],
  ['EVAL_SERVICE_TIMEOUT', 'soon', 'EVAL_SERVICE_TIMEOUT'],
  ['SIGN_IN_URL', 'login', 'SIGN_IN_URL'],
])('%s=%s is refused before anything starts', async (name, value, words) => {
  const failed = await run('npm', ['run', 'dev'], { cwd: ROOT, env: environment({ [name]: value }) }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
  expect(await portsLeft()).toEqual([]);
});
