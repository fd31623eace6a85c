import { Hono } from 'hono';
import { RequestHint } from '#contract/hints.ts';
import { IdParams } from '#contract/text.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params } from '../http/validate.ts';
import { giveHint } from './give.ts';

/** The hint verb of a task: the answer is the tutor's own event stream. */
export function hintRoutes() {
  return new Hono<AppEnv>().post('/study-tasks/:id/hint', params(IdParams), body(RequestHint), (c) =>
    giveHint(
      c.get('ctx'),
      c.get('learnerId'),
      c.req.valid('param').id,
      c.req.valid('json'),
      c.req.raw.signal,
    ),
  );
}
