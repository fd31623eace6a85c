import { Hono } from 'hono';
import { ListEvents } from '#contract/history.ts';
import { OfTrack } from '#contract/paths.ts';
import { CreateTasks, PatchTask } from '#contract/tasks.ts';
import { IdParams } from '#contract/text.ts';
import { answerJson } from '../http/answer.ts';
import { tagOfVersion, versionsOf } from '../http/etag.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { changeTask, createBatch, listEvents, pickNext, showTask, start } from './verbs.ts';

/** The task resource: batch, next, detail, patch, start and the event timeline. */
export function taskRoutes() {
  return new Hono<AppEnv>()
    .post('/study-tasks/batch', body(CreateTasks), async (c) => {
      const stated = c.get('scopes').has('co');
      const ids = await createBatch(c.get('ctx'), c.get('learnerId'), c.req.valid('json'), stated);
      return answerJson(c, { ids }, 201);
    })
    .get('/study-tasks/next', query(OfTrack), async (c) => {
      const next = await pickNext(c.get('ctx'), c.get('learnerId'), c.req.valid('query').track_id ?? null);
      if (next === null) return c.body(null, 204);
      return answerJson(c, next, 200, { etag: tagOfVersion(next.task.version) });
    })
    .get('/study-tasks/:id', params(IdParams), async (c) => {
      const detail = await showTask(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      // Code and transcripts are kept encrypted here, so no browser's cache keeps them in the clear.
      const headers = { etag: tagOfVersion(detail.task.version), 'cache-control': 'private, no-store' };
      return answerJson(c, detail, 200, headers);
    })
    .patch('/study-tasks/:id', params(IdParams), body(PatchTask), async (c) => {
      const versions = versionsOf(c.req.header('if-match'));
      const { id } = c.req.valid('param');
      const task = await changeTask(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json'), versions);
      return answerJson(c, { task }, 200, { etag: tagOfVersion(task.version) });
    })
    .post('/study-tasks/:id/start', params(IdParams), async (c) => {
      const versions = versionsOf(c.req.header('if-match'));
      const task = await start(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id, versions);
      return answerJson(c, { task }, 200, { etag: tagOfVersion(task.version) });
    })
    .get('/study-tasks/:id/events', params(IdParams), query(ListEvents), async (c) => {
      const { id } = c.req.valid('param');
      const page = await listEvents(c.get('ctx'), c.get('learnerId'), id, c.req.valid('query'));
      return answerJson(c, page, 200, nextLink(c.req.url, page.next_cursor));
    });
}
