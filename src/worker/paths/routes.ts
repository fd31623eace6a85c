import { Hono } from 'hono';
import { ListPaths } from '#contract/history.ts';
import { ChangePath, CreatePath, OfTrack, type PathChanged } from '#contract/paths.ts';
import { IdParams } from '#contract/text.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/index.ts';
import { answerJson } from '../http/answer.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { createPath } from './create.ts';
import { showPaths } from './list.ts';
import { changeConfig, currentPath } from './store.ts';

/** The study path resource. */
export function pathRoutes() {
  return new Hono<AppEnv>()
    .post('/study-paths', body(CreatePath), async (c) => {
      const created = await createPath(c.get('ctx'), c.get('learnerId'), c.req.valid('json'));
      return answerJson(c, created, 201);
    })
    .get('/study-paths', query(ListPaths), async (c) => {
      const page = await showPaths(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
      return answerJson(c, page, 200, nextLink(c.req.url, page.next_cursor));
    })
    .get('/study-paths/current', query(OfTrack), async (c) => {
      const trackId = c.req.valid('query').track_id ?? null;
      const current = await currentPath(c.get('ctx').db, c.get('learnerId'), trackId);
      if (current === undefined) throw new AppError('no-active-path');
      return answerJson(c, current);
    })
    .patch('/study-paths/:id', params(IdParams), body(ChangePath), async (c) => {
      const ctx = c.get('ctx');
      const change = { ...eventParams(ctx), config: c.req.valid('json').config };
      const path = await changeConfig(ctx.db, c.get('learnerId'), c.req.valid('param').id, change);
      if (path === undefined) throw new AppError('not-found');
      return answerJson(c, { path } satisfies PathChanged);
    });
}
