import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { CalendarRule } from '#domain/calendar.ts';
import { notedDay } from '#worker/http/request-day.ts';
import type { AppEnv } from '#worker/http/types.ts';

/** One learner's path in memory, behind the middleware as the router has it. */
function learnerAt(start: string) {
  const path = {
    calendar: { time_zone: 'UTC', day_start_hour: 4 } as CalendarRule,
    last_request_at: start,
  };
  const clock = { now: start };
  let reads = 0;
  const database = {
    forRequest: () => ({
      async query({ name }: { name: string }, { now }: { now: string }) {
        if (name === 'find-request-day') {
          reads += 1;
          return [path];
        }
        path.last_request_at = now;
        return [];
      },
    }),
  };
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set('ctx', { now: clock.now, requestId: 'r' } as AppEnv['Variables']['ctx']);
      c.set('learnerId', 'learner');
      await next();
    })
    .use(notedDay(database as unknown as Parameters<typeof notedDay>[0]))
    .get('/v1/study-tasks', (c) => c.text(''))
    .patch('/v1/study-paths/:id', (c) => {
      path.calendar = { time_zone: 'UTC', day_start_hour: 0 };
      return c.text('');
    });
  async function ask(at: string, method = 'GET', route = '/v1/study-tasks') {
    clock.now = at;
    expect((await app.request(route, { method })).status).toBe(200);
    return path.last_request_at;
  }
  return { path, ask, reads: () => reads };
}

test('a change of calendar that begins a new day notes the request on that day', async () => {
  const { ask } = learnerAt('2026-03-15T14:12:00.000Z');
  expect(await ask('2026-03-16T03:30:00.000Z')).toBe('2026-03-15T14:12:00.000Z');
  expect(await ask('2026-03-16T03:39:00.000Z', 'PATCH', '/v1/study-paths/1')).toBe(
    '2026-03-16T03:39:00.000Z',
  );
  expect(await ask('2026-03-16T03:43:00.000Z')).toBe('2026-03-16T03:39:00.000Z');
  expect(await ask('2026-03-17T00:00:00.000Z')).toBe('2026-03-17T00:00:00.000Z');
});

test('an isolate looks again after an hour, when another one may have changed the calendar', async () => {
  const { path, ask, reads } = learnerAt('2026-03-15T14:12:00.000Z');
  await ask('2026-03-16T02:00:00.000Z');
  await ask('2026-03-16T02:59:59.000Z');
  expect(reads()).toBe(1);
  path.calendar = { time_zone: 'UTC', day_start_hour: 0 };
  expect(await ask('2026-03-16T03:00:00.000Z')).toBe('2026-03-16T03:00:00.000Z');
});
