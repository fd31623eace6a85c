import { Hono } from 'hono';
import { ShowProgress } from '#contract/progress.ts';
import { IdParams } from '#contract/text.ts';
import { answerJson } from '../http/answer.ts';
import type { AppEnv } from '../http/types.ts';
import { params, query } from '../http/validate.ts';
import { showProgress } from './show.ts';

/** Where a learner stands in a path. */
export function progressRoutes() {
  return new Hono<AppEnv>().get(
    '/study-paths/:id/progress',
    params(IdParams),
    query(ShowProgress),
    async (c) => {
      const { id } = c.req.valid('param');
      return answerJson(c, await showProgress(c.get('ctx'), c.get('learnerId'), id, c.req.valid('query')));
    },
  );
}
