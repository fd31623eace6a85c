import { Hono } from 'hono';
import { GradeTask, ListDueReviews } from '#contract/reviews.ts';
import { IdParams } from '#contract/text.ts';
import { answerJson } from '../http/answer.ts';
import { nextLink } from '../http/next-link.ts';
import type { AppEnv } from '../http/types.ts';
import { body, params, query } from '../http/validate.ts';
import { listDueReviews } from './due.ts';
import { gradeTask, undoGrade, undoReview } from './grade.ts';

/** What is due for review, a learner's own grade of it, and undoing either. Goes before the routes of `/study-tasks/:id`. */
export function reviewRoutes() {
  return new Hono<AppEnv>()
    .get('/study-tasks/review-due', query(ListDueReviews), async (c) => {
      const page = await listDueReviews(c.get('ctx'), c.get('learnerId'), c.req.valid('query'));
      return answerJson(c, page, 200, nextLink(c.req.url, page.next_cursor));
    })
    .post('/study-tasks/:id/grade', params(IdParams), body(GradeTask), async (c) => {
      const { grade } = c.req.valid('json');
      const graded = await gradeTask(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id, grade);
      return answerJson(c, graded, 200, { etag: `"${graded.task.version}"` });
    })
    .delete('/study-tasks/:id/grade', params(IdParams), async (c) => {
      const graded = await undoGrade(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return answerJson(c, graded, 200, { etag: `"${graded.task.version}"` });
    })
    .delete('/study-tasks/:id/review', params(IdParams), async (c) => {
      const undone = await undoReview(c.get('ctx'), c.get('learnerId'), c.req.valid('param').id);
      return answerJson(c, undone, 200, { etag: `"${undone.task.version}"` });
    });
}
