import { EventPage, ListEvents, TaskDetail } from '../history.ts';
import { NextTask, OfTrack } from '../paths.ts';
import { CreateTasks, PatchTask, TaskAnswer, TasksCreated } from '../tasks.ts';
import { IdParams } from '../text.ts';
import {
  COMPLETED_TASK,
  EVALUATION_WITH_CODE,
  EVENT,
  HINT,
  PATH_ID,
  PROBLEM,
  STARTED_TASK,
  TASK,
  TASK_ID,
} from './examples.ts';
import type { Operation } from './operation.ts';

export const taskOperations: readonly Operation[] = [
  {
    id: 'createTasks',
    method: 'post',
    path: '/v1/study-tasks/batch',
    tag: 'tasks',
    summary: 'Add tasks to a path',
    description:
      'Creates up to 500 tasks, all or none. Module, tags and difficulty of a problem are the bank’s; only a token with scope `co`, the orchestrator’s, may state others. An error names the index of each bad task.',
    body: {
      schema: CreateTasks,
      required: true,
      example: {
        path_id: PATH_ID,
        tasks: [{ problem_id: PROBLEM.problem_id, scheduled_at: '2026-11-26T08:00:00Z' }],
      },
    },
    answers: {
      201: {
        description: 'The new ids, in the order of the request.',
        content: { 'application/json': { schema: TasksCreated, example: { ids: [TASK_ID] } } },
      },
    },
    problems: ['not-found', 'quota', 'problem-bank-unavailable'],
  },
  {
    id: 'getNextTask',
    method: 'get',
    path: '/v1/study-tasks/next',
    tag: 'tasks',
    summary: 'Get the task to do now',
    description:
      'One that is in progress first, then due reviews, then what is scheduled earliest. `problem` is null while the problem bank is out of reach.',
    query: OfTrack,
    about: { track_id: 'Of the newest path of this track instead.' },
    answers: {
      200: {
        description: 'The task and its problem, without hidden tests.',
        content: { 'application/json': { schema: NextTask, example: { task: TASK, problem: PROBLEM } } },
      },
      204: { description: 'Nothing is left to do.' },
    },
    problems: ['no-active-path'],
  },
  {
    id: 'getTask',
    method: 'get',
    path: '/v1/study-tasks/{id}',
    tag: 'tasks',
    summary: 'Get a task with its story',
    description:
      'The task, its problem, its newest 50 evaluations with the learner’s code, its newest 50 events and its newest 100 hints.',
    params: IdParams,
    answers: {
      200: {
        description: 'The task with everything around it.',
        content: {
          'application/json': {
            schema: TaskDetail,
            example: {
              task: COMPLETED_TASK,
              problem: PROBLEM,
              evaluations: [EVALUATION_WITH_CODE],
              events: [EVENT],
              hints: [HINT],
            },
          },
        },
      },
    },
    problems: ['integrity-error', 'archive-unavailable'],
  },
  {
    id: 'changeTask',
    method: 'patch',
    path: '/v1/study-tasks/{id}',
    tag: 'tasks',
    summary: 'Skip a task or annotate it',
    description:
      'Moves a task to `in_progress` or `skipped`, or a lesson to `completed`, and merges metadata one level deep (16 KiB in all). A problem completes by being judged alone.',
    params: IdParams,
    ifMatch: true,
    body: {
      schema: PatchTask,
      required: true,
      example: { status: 'skipped', reason: 'I know this one.', metadata: { note: 'again on Friday' } },
    },
    answers: {
      200: {
        description: 'The task as it is now. Asking for what is already so changes nothing.',
        content: {
          'application/json': {
            schema: TaskAnswer,
            example: {
              task: {
                ...TASK,
                status: 'skipped',
                version: 3,
                metadata: { ...TASK.metadata, skip_reason: 'I know this one.', note: 'again on Friday' },
              },
            },
          },
        },
        headers: ['ETag'],
      },
    },
    problems: ['precondition-failed', 'invalid-transition'],
  },
  {
    id: 'startTask',
    method: 'post',
    path: '/v1/study-tasks/{id}/start',
    tag: 'tasks',
    summary: 'Start a task',
    description: 'Moves a scheduled task to `in_progress`. On one that is in progress it changes nothing.',
    params: IdParams,
    ifMatch: true,
    answers: {
      200: {
        description: 'The task in progress.',
        content: { 'application/json': { schema: TaskAnswer, example: { task: STARTED_TASK } } },
        headers: ['ETag'],
      },
    },
    problems: ['precondition-failed', 'invalid-transition'],
  },
  {
    id: 'listEvents',
    method: 'get',
    path: '/v1/study-tasks/{id}/events',
    tag: 'history',
    summary: 'List a task’s events',
    description:
      'Everything that happened to the task, oldest first. The log is append-only and has no gaps; events older than a year or so may come from an archive, in the same order and form.',
    params: IdParams,
    query: ListEvents,
    answers: {
      200: {
        description: 'A page of events.',
        content: { 'application/json': { schema: EventPage, example: { data: [EVENT], next_cursor: null } } },
        headers: ['Link'],
      },
    },
    problems: ['integrity-error', 'archive-unavailable'],
  },
];
