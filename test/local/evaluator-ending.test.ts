import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findBubblewrap } from '../../src/services/evaluator/bubblewrap.ts';

const found = await findBubblewrap();

/** Processes of this user or another one whose command names a child program, by the parent they come from. */
async function childrenOf(parent: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
    const above = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (stat !== '') parents.set(Number(name), above);
  }
  const below = (pid: number): number[] =>
    [...parents].filter(([, above]) => above === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(parent);
}
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join('src', 'services', 'evaluator', 'main.ts');
const KEY = 'a-key-of-sixteen-characters';

/** The service as a program of its own, once it takes submissions. */
async function started(
  env: Record<string, string>,
  [file, ...args]: readonly [string, ...string[]] = [process.execPath, MAIN],
): Promise<{ child: ChildProcess; url: string }> {
  const rest = { EVAL_SERVICE_API_KEY: KEY, HOST: '127.0.0.1', PORT: '0', EVALUATOR_SLOTS: '1' };
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url = '';
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const entry = JSON.parse(line) as { event: string; port?: number };
    if (entry.event === 'listening') url = `http://127.0.0.1:${entry.port}`;
    if (entry.event === 'started') break;
  }
  return { child, url };
}

describe.skipIf(process.platform !== 'linux')('a service that is killed leaves no process', () => {
  test.skipIf(found === null)('in bubblewrap, not even one that runs an endless loop', async () => {
    const { child, url } = await started({ PATH: process.env.PATH ?? '' });
    const body = JSON.stringify({
      ...{ submission_id: 's', language: 'javascript', entry_point: 'f', code: 'function f() { for (;;); }' },
      ...{ comparison: 'exact', signature: null, limits: { time_ms: 5000 } },
      tests: [{ number: 1, hidden: false, args: [], expected: 1 }],
    });
    const headers = { authorization: `Bearer ${KEY}` };
    const running = fetch(`${url}/v1/evaluations`, { method: 'POST', headers, body }).catch(() => null);
    const busy = async () => (await (await fetch(`${url}/health`)).json()) as { queue: { running: number } };
    await expect.poll(busy, { timeout: 60_000 }).toMatchObject({ queue: { running: 1 } });
    const children = await childrenOf(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(await running).toBeNull();
  });
  test('without it those of the stock notice the closed pipe', async () => {
    const { child } = await started({ PATH: '' });
    const children = await childrenOf(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('npm run evaluator', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'ends with all its children on %s to npm',
    async (signal) => {
      const env = { PATH: process.env.PATH ?? '' };
      const { child } = await started(env, ['npm', 'run', '--silent', 'evaluator']);
      const children = await childrenOf(child.pid ?? 0);
      expect(children.length).toBeGreaterThanOrEqual(3);
      child.kill(signal);
      await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    },
  );
});
