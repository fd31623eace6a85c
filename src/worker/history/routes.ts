import { Hono } from 'hono';
import { ListHints, ListTasks } from '#contract/history.ts';
import { IdParams } from '#contract/text.ts';
import { answerJson, answerText } from '../http/answer.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { params, query } from '../http/validate.ts';
import { listHints, listHistory } from './list.ts';

/** What a learner did: the filtered list of tasks, and the hints of one of them. */
export function historyRoutes() {
  return new Hono<AppEnv>()
    .get('/study-tasks', query(ListTasks), async (c) => {
      const { text, next_cursor } = await listHistory(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
      return answerText(c, text, 200, nextLink(c.req.url, next_cursor));
    })
    .get('/study-tasks/:id/hints', params(IdParams), query(ListHints), async (c) => {
      const { id } = c.req.valid('param');
      const page = await listHints(c.get('ctx'), c.get('learnerId'), id, c.req.valid('query'));
      const headers = { 'cache-control': 'private, no-store', ...nextLink(c.req.url, page.next_cursor) };
      return answerJson(c, page, 200, headers);
    });
}
