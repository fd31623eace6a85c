import { Hono } from 'hono';
import { EraseMe, EraseMeBody } from '#contract/privacy.ts';
import { IdParams } from '#contract/text.ts';
import { versionsOf } from '../http/etag.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { eraseLearner, erasePath } from './erase.ts';

/** Erasure of one path, and of everything about the learner. */
export function privacyRoutes() {
  return new Hono<AppEnv>()
    .delete('/study-paths/:id', params(IdParams), async (c) => {
      const versions = versionsOf(c.req.header('if-match'));
      await erasePath(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id, versions);
      return c.body(null, 204);
    })
    .delete('/me', query(EraseMe), body(EraseMeBody), async (c) => {
      const confirm = c.req.valid('json').confirm ?? c.req.valid('query').confirm;
      await eraseLearner(c.get('ctx'), c.get('learnerId'), confirm);
      return c.body(null, 204);
    });
}
