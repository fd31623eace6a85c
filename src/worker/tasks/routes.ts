import { Hono } from 'hono';
import { ListEvents } from '#contract/history.ts';
import { OfTrack } from '#contract/paths.ts';
import { CreateTasks, PatchTask } from '#contract/tasks.ts';
import { IdParams } from '#contract/text.ts';
import { AppError } from '../errors.ts';
import { answerJson } from '../http/answer.ts';
import { versionOfTag } from '../http/etag.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { changeTask, createBatch, listEvents, pickNext, showTask, start } from './verbs.ts';

/** The task's version as entity tag; `If-Match` takes it back. `entityTags` adds a hash where it is a read's. */
function etagOf(version: number): string {
  return `"${version}"`;
}

function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const version = versionOfTag(ifMatch);
  // Another shape of tag cannot be one of ours, so it matches no version.
  if (version === null)
    throw new AppError('precondition-failed', { detail: 'If-Match takes one task ETag.' });
  return version;
}

/** The task resource: batch, next, detail, patch, start and the event timeline. */
export function taskRoutes() {
  return new Hono<AppEnv>()
    .post('/study-tasks/batch', body(CreateTasks), async (c) => {
      const ids = await createBatch(c.get('ctx'), c.get('learnerId'), c.req.valid('json'));
      return answerJson(c, { ids }, 201);
    })
    .get('/study-tasks/next', query(OfTrack), async (c) => {
      const next = await pickNext(c.get('ctx'), c.get('learnerId'), c.req.valid('query').track_id ?? null);
      if (next === null) return c.body(null, 204);
      return answerJson(c, next, 200, { etag: etagOf(next.task.version) });
    })
    .get('/study-tasks/:id', params(IdParams), async (c) => {
      const detail = await showTask(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      // Code and transcripts are kept encrypted here, so no browser's cache keeps them in the clear.
      const headers = { etag: etagOf(detail.task.version), 'cache-control': 'private, no-store' };
      return answerJson(c, detail, 200, headers);
    })
    .patch('/study-tasks/:id', params(IdParams), body(PatchTask), async (c) => {
      const version = versionOf(c.req.header('if-match'));
      const { id } = c.req.valid('param');
      const task = await changeTask(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json'), version);
      return answerJson(c, { task }, 200, { etag: etagOf(task.version) });
    })
    .post('/study-tasks/:id/start', params(IdParams), async (c) => {
      const task = await start(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return answerJson(c, { task }, 200, { etag: etagOf(task.version) });
    })
    .get('/study-tasks/:id/events', params(IdParams), query(ListEvents), async (c) => {
      const { id } = c.req.valid('param');
      const page = await listEvents(c.get('ctx'), c.get('learnerId'), id, c.req.valid('query'));
      return answerJson(c, page, 200, nextLink(c.req.url, page.next_cursor));
    });
}
