import { Hono } from 'hono';
import { ListDueReviews } from '#contract/reviews.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { query } from '../http/validate.ts';
import { listDueReviews } from './due.ts';

/** What is due for review. Goes before the routes of `/study-tasks/:id`. */
export function reviewRoutes() {
  return new Hono<AppEnv>().get('/study-tasks/review-due', query(ListDueReviews), async (c) => {
    const page = await listDueReviews(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
    return c.json(page, 200, nextLink(c.req.url, page.next_cursor));
  });
}
