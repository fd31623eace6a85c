import { Hono } from 'hono';
import { ExportTasks } from '#contract/export.ts';
import type { AppEnv } from '../http/types.ts';
import { query } from '../http/validate.ts';
import { exportLearner } from './export-learner.ts';
import { exportTasks } from './export-tasks.ts';

/** Files to take away: the task history, and everything kept about the learner. Goes before `/study-tasks/:id`. */
export function exportRoutes() {
  return new Hono<AppEnv>()
    .get('/study-tasks/export', query(ExportTasks), async (c) => {
      const { body, headers } = await exportTasks(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
      return c.body(body, 200, headers);
    })
    .get('/me/export', async (c) => {
      const { body, headers } = await exportLearner(c.get('ctx'), c.get('learnerId'));
      return c.body(body, 200, headers);
    });
}
