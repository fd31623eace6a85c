import { Hono } from 'hono';
import * as z from 'zod';
import { EraseMe } from '#contract/privacy.ts';
import { Id } from '#contract/text.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { eraseLearner, erasePath } from './erase.ts';

/** Erasure of one path, and of everything about the learner. */
export function privacyRoutes() {
  return new Hono<AppEnv>()
    .delete('/study-paths/:id', params(z.object({ id: Id })), async (c) => {
      await erasePath(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return c.body(null, 204);
    })
    .delete('/me', query(EraseMe), body(EraseMe.prefault({})), async (c) => {
      const confirm = c.req.valid('json').confirm ?? c.req.valid('query').confirm;
      await eraseLearner(c.get('ctx'), c.get('learnerId'), confirm);
      return c.body(null, 204);
    });
}
