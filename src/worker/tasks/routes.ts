import { Hono } from 'hono';
import * as z from 'zod';
import { TrackId } from '#contract/paths.ts';
import { CreateTasks, PatchTask } from '#contract/tasks.ts';
import { Id } from '#contract/text.ts';
import { AppError } from '../errors.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { taskEvents } from './store.ts';
import { changeTask, createBatch, pickNext, showTask, start } from './verbs.ts';

const TaskParams = z.object({ id: Id });
const NextQuery = z.strictObject({ track_id: TrackId.optional() });
const EventsQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^[1-9][0-9]{0,8}$/, 'must be a cursor of this list')
    .optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9][0-9]|1[0-9]{2}|200)$/, 'must be between 1 and 200')
    .default('200'),
});

/** A strong entity tag that is the task's version; `If-Match` takes it back. */
function etagOf(version: number): string {
  return `"${version}"`;
}

function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const version = /^"([1-9][0-9]{0,8})"$/.exec(ifMatch.trim())?.[1];
  // Another shape of tag cannot be one of ours, so it matches no version.
  if (version === undefined)
    throw new AppError('precondition-failed', { detail: 'If-Match takes one task ETag.' });
  return Number(version);
}

/** The task resource: batch, next, detail, patch, start and the event timeline. */
export function taskRoutes() {
  return new Hono<AppEnv>()
    .post('/study-tasks/batch', body(CreateTasks), async (c) => {
      const ids = await createBatch(c.get('ctx'), c.get('learnerId'), c.req.valid('json'));
      return c.json({ ids }, 201);
    })
    .get('/study-tasks/next', query(NextQuery), async (c) => {
      const next = await pickNext(c.get('ctx'), c.get('learnerId'), c.req.valid('query').track_id ?? null);
      if (next === null) return c.body(null, 204);
      return c.json(next, 200, { etag: etagOf(next.task.version) });
    })
    .get('/study-tasks/:id', params(TaskParams), async (c) => {
      const detail = await showTask(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return c.json(detail, 200, { etag: etagOf(detail.task.version) });
    })
    .patch('/study-tasks/:id', params(TaskParams), body(PatchTask), async (c) => {
      const version = versionOf(c.req.header('if-match'));
      const { id } = c.req.valid('param');
      const task = await changeTask(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json'), version);
      return c.json({ task }, 200, { etag: etagOf(task.version) });
    })
    .post('/study-tasks/:id/start', params(TaskParams), async (c) => {
      const task = await start(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return c.json({ task }, 200, { etag: etagOf(task.version) });
    })
    .get('/study-tasks/:id/events', params(TaskParams), query(EventsQuery), async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = { after: Number(cursor ?? 0), limit: Number(limit) };
      const events = await taskEvents(c.get('ctx').db, c.get('learnerId'), c.req.valid('param').id, page);
      if (events === undefined) throw new AppError('not-found');
      const last = events.at(-1);
      return c.json({
        data: events,
        next_cursor: events.length < page.limit || !last ? null : String(last.seq),
      });
    });
}
