import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { beforeEach, expect, test } from 'vitest';
import type { ProblemDetails } from '#contract/problem-details.ts';
import type { Context } from '#worker/context.ts';
import { Config } from '#worker/env.ts';
import { errorHandler } from '#worker/http/problem.ts';
import { type RateLimits, rateLimited } from '#worker/http/rate-limit.ts';
import type { AppEnv } from '#worker/http/types.ts';
import { createLogger } from '#worker/log.ts';

let asked: { name: string; key: string }[] = [];
let logged: string[] = [];
let handled = 0;
beforeEach(() => {
  [asked, logged, handled] = [[], [], 0];
});

/** A limiter that lets `quota` requests of a key through, for ever. */
function limit(name: string, quota: number) {
  const used = new Map<string, number>();
  return {
    name,
    quota,
    limiter: {
      async limit({ key }: { key: string }) {
        asked.push({ name, key });
        used.set(key, (used.get(key) ?? 0) + 1);
        return { success: (used.get(key) ?? 0) <= quota };
      },
    },
  };
}

const NONE: RateLimits = { writes: null, exports: null, past: null };

function appWith(limits: RateLimits) {
  const log = createLogger({}, (line) => logged.push(line));
  const app = new Hono<AppEnv>();
  app.onError(errorHandler(log));
  app.use(async (c, next) => {
    c.set('learnerId', c.req.header('learner') ?? 'ada');
    c.set('requestId', 'test');
    // The middleware needs nothing else of it.
    c.set('ctx', { log } as Context);
    await next();
  });
  app.use(rateLimited(limits));
  app.all('*', (c) => {
    handled += 1;
    return c.body(null, 204);
  });
  return (method: string, path: string, learner = 'ada') =>
    app.request(path, { method, headers: { learner } });
}

test('every changing method is a write and reads are free; each learner has an own quota', async () => {
  const send = appWith({ ...NONE, writes: limit('writes', 4), exports: limit('exports', 1) });
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
    const answer = await send(method, '/v1/study-tasks/x/hint');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('ratelimit-policy')).toBe('"writes";q=4;w=60');
    expect(answer.headers.get('ratelimit')).toBeNull();
  }
  const refused = await send('POST', '/v1/study-tasks/x/submit');
  expect(refused.status).toBe(429);
  expect(((await refused.json()) as ProblemDetails).code).toBe('rate-limited');
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '60',
    ratelimit: '"writes";r=0;t=60',
    'ratelimit-policy': '"writes";q=4;w=60',
  });
  expect(handled).toBe(4);
  expect((await send('GET', '/v1/study-tasks')).headers.get('ratelimit-policy')).toBeNull();
  expect((await send('POST', '/v1/study-paths', 'bob')).status).toBe(204);
  expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(['ada', 'bob']));
});

test('exports have a quota of their own', async () => {
  const send = appWith({ ...NONE, writes: limit('writes', 9), exports: limit('exports', 2) });
  expect((await send('GET', '/v1/study-tasks/export?format=csv')).status).toBe(204);
  expect((await send('HEAD', '/v1/me/export')).status).toBe(204);
  const refused = await send('GET', '/v1/me/export');
  expect(refused.headers.get('ratelimit')).toBe('"exports";r=0;t=60');
  expect(asked.every(({ name }) => name === 'exports')).toBe(true);
});

test('progress of the past has a quota of its own, progress of now has none', async () => {
  const send = appWith({ writes: null, exports: limit('exports', 0), past: limit('past-reads', 2) });
  const past = '/v1/study-paths/x/progress?as_of=2026-11-22T10:00:00Z';
  expect((await send('GET', past)).headers.get('ratelimit-policy')).toBe('"past-reads";q=2;w=60');
  expect((await send('HEAD', '/v1/study-paths/x/progress?tz=1&as%5Fof=')).status).toBe(204);
  expect((await send('GET', past)).headers.get('ratelimit')).toBe('"past-reads";r=0;t=60');
  expect((await send('GET', '/v1/study-paths/x/progress')).status).toBe(204);
  expect((await send('GET', '/v1/study-tasks?as_of=2026-11-22')).status).toBe(204);
  expect(asked.every(({ name }) => name === 'past-reads')).toBe(true);
});

test('without a binding nothing is limited', async () => {
  const send = appWith(NONE);
  const answer = await send('POST', '/v1/study-paths');
  expect([answer.status, answer.headers.get('ratelimit-policy')]).toEqual([204, null]);
});

test('a limiter out of reach lets everybody through and says so in the log, without the learner', async () => {
  const limiter = { limit: () => Promise.reject(new TypeError('no answer for ada')) };
  const send = appWith({ ...NONE, writes: { name: 'writes', quota: 1, limiter } });
  expect((await send('POST', '/v1/study-paths')).status).toBe(204);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('rate-limit-not-checked');
  expect(logged[0]).not.toContain('ada');
});

test('the quotas that answers tell are those that wrangler.toml enforces', () => {
  const toml = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8');
  for (const [binding, variable] of [
    ['WRITE_LIMIT', 'WRITES_PER_MINUTE'],
    ['EXPORT_LIMIT', 'EXPORTS_PER_MINUTE'],
    ['PAST_LIMIT', 'PAST_READS_PER_MINUTE'],
  ] as const) {
    const table = new RegExp(`name = "${binding}"\\n.*\\nsimple = \\{ limit = (\\d+), period = 60 \\}`);
    const enforced = Number(table.exec(toml)?.[1]);
    expect(enforced).toBeGreaterThan(0);
    expect(Number(new RegExp(`^${variable} = "(\\d+)"$`, 'm').exec(toml)?.[1])).toBe(enforced);
    expect(Config.shape[variable].parse(undefined)).toBe(enforced);
  }
});
