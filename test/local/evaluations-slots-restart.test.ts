import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
let script: string;
const running = new Set<Miniflare>();

const SLOTS = new URL('../../src/worker/durable/learner-object.ts', import.meta.url).pathname;

/** The product's Durable Object behind an HTTP interface. */
const ENTRY = `
export { LearnerSlots } from ${JSON.stringify(SLOTS)};
export default {
  async fetch(request, { SLOTS }) {
    const { verb, learner, lease, ...policy } = await request.json();
    return Response.json(await SLOTS.getByName(learner)[verb](lease, policy));
  },
};`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'study-paths-slots-'));
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['cloudflare:workers'],
  });
  script = outputFiles[0]?.text ?? '';
});
afterAll(async () => {
  for (const workerd of running) await workerd.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A workerd of its own over the same folder: whatever was only in memory is gone. */
async function start() {
  const workerd = new Miniflare({
    ...convertV4MiniflareOptions({
      name: 'slots',
      modules: true,
      script,
      compatibilityDate: '2026-11-17',
      durableObjects: { SLOTS: { className: 'LearnerSlots', useSQLite: true } },
    }),
    resourcePersistencePath: path.join(folder, 'objects'),
  });
  running.add(workerd);
  await workerd.ready;
  return {
    async ask(call: Record<string, unknown>): Promise<{ ok: boolean; retryAfterSeconds?: number }> {
      const response = await workerd.dispatchFetch('http://slots/', {
        method: 'POST',
        body: JSON.stringify(call),
      });
      return (await response.json()) as { ok: boolean; retryAfterSeconds?: number };
    },
    evict: (learner: string) => workerd.unsafeEvictDurableObject('slots', 'LearnerSlots', { name: learner }),
    async stop() {
      running.delete(workerd);
      await workerd.dispose();
    },
  };
}

test('two leases outlive the eviction of their object and the end of its runtime: the limit holds, and a lease frees itself', async () => {
  const first = await start();
  const acquire = (lease: string, leaseMs = 120_000, learner = 'one') => ({
    verb: 'acquire',
    learner,
    lease,
    limit: 2,
    leaseMs,
  });
  expect(await first.ask(acquire('a'))).toEqual({ ok: true });
  expect(await first.ask(acquire('b'))).toEqual({ ok: true });
  await first.evict('one');
  expect(await first.ask(acquire('c'))).toMatchObject({ ok: false });
  expect(await first.ask(acquire('soon over', 61_000, 'two'))).toEqual({ ok: true });
  expect(await first.ask(acquire('over', 1500, 'two'))).toEqual({ ok: true });
  await first.stop();

  const second = await start();
  const refused = await second.ask(acquire('c'));
  expect(refused).toMatchObject({ ok: false });
  // Until the first of two leases of 120 s ends.
  expect(refused.retryAfterSeconds).toBeGreaterThan(60);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(120);
  expect(await second.ask(acquire('a'))).toEqual({ ok: true });
  expect(await second.ask({ verb: 'release', learner: 'one', lease: 'b' })).toEqual({ ok: true });
  expect(await second.ask({ verb: 'release', learner: 'one', lease: 'b' })).toEqual({ ok: true });
  expect(await second.ask(acquire('c'))).toEqual({ ok: true });
  expect(await second.ask(acquire('d'))).toMatchObject({ ok: false });

  await sleep(1600);
  expect(await second.ask(acquire('in its place', 120_000, 'two'))).toEqual({ ok: true });
  expect(await second.ask(acquire('one too many', 120_000, 'two'))).toMatchObject({
    ok: false,
    retryAfterSeconds: expect.any(Number),
  });
  await second.stop();
});

test('a renewed lease outlives its first end and the alarm that waits for it; one that was given back stays so', async () => {
  const runtime = await start();
  const call = (verb: string, lease: string, leaseMs = 2500) =>
    runtime.ask({ verb, learner: 'renewing', lease, limit: 1, leaseMs });
  expect(await call('acquire', 'run')).toEqual({ ok: true });
  const began = Date.now();
  while (Date.now() - began < 4000) {
    await sleep(300);
    expect(await call('renew', 'run')).toBe(true);
    expect(await call('acquire', 'other')).toMatchObject({ ok: false });
  }
  expect(await call('release', 'run')).toEqual({ ok: true });
  expect(await call('renew', 'run')).toBe(false);
  expect(await call('acquire', 'other')).toEqual({ ok: true });
  await sleep(2600);
  expect(await call('renew', 'other'), 'it was not renewed in time').toBe(false);
  await runtime.stop();
});
