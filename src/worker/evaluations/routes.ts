import { type Context, Hono } from 'hono';
import { Evaluate, Run, Submit } from '#contract/submissions.ts';
import { IdParams } from '#contract/text.ts';
import { answerJson } from '../http/answer.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params } from '../http/validate.ts';
import { rerun } from './rerun.ts';
import { run } from './run.ts';
import type { Answer } from './settle.ts';
import { submit } from './submit.ts';

/** Seconds until a pending evaluation may have its result: the cron looks every minute. */
const PENDING_SECONDS = '60';

/** 200 with a result or when judging was given up, 202 while there is none. */
function answered(c: Context<AppEnv>, answer: Answer) {
  c.set('output', 'evaluation');
  return answer.evaluation.status === 'pending'
    ? answerJson(c, answer, 202, { 'retry-after': PENDING_SECONDS })
    : answerJson(c, answer, 200);
}

/** What has code of a task judged: submit, run, evaluate. */
export function evaluationRoutes() {
  return new Hono<AppEnv>()
    .post('/study-tasks/:id/submit', params(IdParams), body(Submit), async (c) => {
      const { id } = c.req.valid('param');
      return answered(c, await submit(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json')));
    })
    .post('/study-tasks/:id/run', params(IdParams), body(Run), async (c) => {
      const { id } = c.req.valid('param');
      const result = await run(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json'));
      c.set('output', 'sealed');
      return answerJson(c, result);
    })
    .post('/study-tasks/:id/evaluate', params(IdParams), body(Evaluate), async (c) => {
      const { id } = c.req.valid('param');
      return answered(c, await rerun(c.get('ctx'), c.get('learnerId'), id, c.req.valid('json')));
    });
}
