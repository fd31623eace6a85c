import { Hono } from 'hono';
import { IdParams } from '#contract/text.ts';
import type { AppEnv } from '../http/types.ts';
import { params } from '../http/validate.ts';
import { showProgress } from './show.ts';

/** Where a learner stands in a path. */
export function progressRoutes() {
  return new Hono<AppEnv>().get('/study-paths/:id/progress', params(IdParams), async (c) =>
    c.json(await showProgress(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id)),
  );
}
