import { DueReviewPage, GradedTask, GradeTask, ListDueReviews } from '../reviews.ts';
import { IdParams } from '../text.ts';
import { COMPLETED_TASK, MEMORY, PROBLEM_SUMMARY } from './examples.ts';
import type { Operation } from './operation.ts';

export const reviewOperations: readonly Operation[] = [
  {
    id: 'listDueReviews',
    method: 'get',
    path: '/v1/study-tasks/review-due',
    tag: 'reviews',
    summary: 'List what is due for review',
    description:
      'Problems to come back to, what fell due first coming first, with the review that stands ready.',
    query: ListDueReviews,
    about: {
      within: 'Looks so many of the learner’s days ahead, `0d` to `90d`. `0d` is what is due by today.',
    },
    answers: {
      200: {
        description: 'A page of due reviews.',
        content: {
          'application/json': {
            schema: DueReviewPage,
            example: {
              data: [
                {
                  problem_id: PROBLEM_SUMMARY.problem_id,
                  module: PROBLEM_SUMMARY.module,
                  topic_tags: PROBLEM_SUMMARY.topic_tags,
                  difficulty: PROBLEM_SUMMARY.difficulty,
                  due_on: '2026-11-30',
                  due_at: '2026-11-30T03:00:00.000Z',
                  overdue_days: 0,
                  state: MEMORY,
                  task: null,
                  planned_at: '2026-11-30T08:00:00.000Z',
                  problem: PROBLEM_SUMMARY,
                },
              ],
              next_cursor: null,
            },
          },
        },
        headers: ['Link'],
      },
    },
  },
  {
    id: 'gradeTask',
    method: 'post',
    path: '/v1/study-tasks/{id}/grade',
    tag: 'reviews',
    summary: 'Grade a review yourself',
    description: 'Replaces the grade that tests, hints and time gave this task, and with it the next review.',
    params: IdParams,
    body: { schema: GradeTask, required: true, example: { grade: 'hard' } },
    answers: {
      200: {
        description: 'The task and when its problem comes back.',
        content: {
          'application/json': {
            schema: GradedTask,
            example: {
              task: { ...COMPLETED_TASK, version: 7 },
              grade: 'hard',
              source: 'learner',
              due_on: '2026-11-28',
              due_at: '2026-11-28T03:00:00.000Z',
              state: { ...MEMORY, stability: 1.3 },
            },
          },
        },
        headers: ['ETag'],
      },
    },
    problems: ['not-graded', 'reviewed-since'],
  },
  {
    id: 'undoGrade',
    method: 'delete',
    path: '/v1/study-tasks/{id}/grade',
    tag: 'reviews',
    summary: 'Undo a grade',
    description:
      'Takes back your own grade of this task: the one that tests, hints and time gave counts again. The review stays.',
    params: IdParams,
    answers: {
      200: {
        description: 'The task and when its problem comes back by the grade of the evidence.',
        content: {
          'application/json': {
            schema: GradedTask,
            example: {
              task: { ...COMPLETED_TASK, version: 8 },
              grade: 'good',
              source: 'evidence',
              due_on: '2026-11-29',
              due_at: '2026-11-29T04:00:00.000Z',
              state: MEMORY,
            },
          },
        },
        headers: ['ETag'],
      },
    },
    problems: ['not-graded', 'reviewed-since'],
  },
  {
    id: 'undoReview',
    method: 'delete',
    path: '/v1/study-tasks/{id}/review',
    tag: 'reviews',
    summary: 'Undo a review',
    description: 'Takes back the review of this task: what is remembered of its problem is as it was before.',
    params: IdParams,
    answers: {
      200: {
        description: 'The task; what was remembered before, or null when it had been the first review.',
        content: {
          'application/json': {
            schema: GradedTask,
            example: {
              task: { ...COMPLETED_TASK, version: 9 },
              grade: null,
              source: null,
              due_on: null,
              due_at: null,
              state: null,
            },
          },
        },
        headers: ['ETag'],
      },
    },
    problems: ['not-graded', 'reviewed-since'],
  },
];
