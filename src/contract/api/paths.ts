import { ListPaths, PathPage } from '../history.ts';
import { ChangePath, CreatePath, CurrentPath, OfTrack, PathChanged, PathCreated } from '../paths.ts';
import { IdParams } from '../text.ts';
import { NEXT_TASK, PATH, TASK } from './examples.ts';
import type { Operation } from './operation.ts';

const PROGRESS = {
  tasks: 8,
  by_status: { scheduled: 6, in_progress: 1, completed: 1, skipped: 0, expired: 0 },
  solved: 1,
  attempted: 0,
  accuracy: 1,
  mean_score: 1,
  hints_used: 1,
  time_spent_seconds: 780,
};

const PRACTICE = {
  days: 12,
  current_streak: 3,
  longest_streak: 7,
  last_day: '2026-11-26',
  today: '2026-11-26',
};

export const pathOperations: readonly Operation[] = [
  {
    id: 'createPath',
    method: 'post',
    path: '/v1/study-paths',
    tag: 'paths',
    summary: 'Begin a study path',
    description:
      'Creates a path with its first 5 to 10 tasks. An older path of the learner stays, with its history; the newest one is the current one.',
    body: {
      schema: CreatePath,
      required: false,
      example: {
        track_id: 'coding-interview-meta',
        config: { tasks_per_day: 4, time_zone: 'Europe/Berlin' },
      },
    },
    answers: {
      201: {
        description: 'The path and its first tasks, earliest first.',
        content: {
          'application/json': {
            schema: PathCreated,
            example: { path: PATH, first_task: TASK, tasks: [TASK, NEXT_TASK] },
          },
        },
      },
    },
    problems: ['problem-bank-unavailable'],
  },
  {
    id: 'listPaths',
    method: 'get',
    path: '/v1/study-paths',
    tag: 'paths',
    summary: 'List all study paths',
    description: 'All paths of the learner, newest first.',
    query: ListPaths,
    answers: {
      200: {
        description: 'A page of paths.',
        content: {
          'application/json': { schema: PathPage, example: { data: [PATH], next_cursor: null } },
        },
        headers: ['Link'],
      },
    },
  },
  {
    id: 'getCurrentPath',
    method: 'get',
    path: '/v1/study-paths/current',
    tag: 'paths',
    summary: 'Get the current study path',
    description: 'The newest path of the learner, or of a track, with its figures.',
    query: OfTrack,
    about: { track_id: 'The newest path of this track instead.' },
    answers: {
      200: {
        description: 'The path and its figures.',
        content: {
          'application/json': {
            schema: CurrentPath,
            example: { path: PATH, progress: PROGRESS, practice: PRACTICE },
          },
        },
      },
    },
    problems: ['no-active-path'],
  },
  {
    id: 'changePath',
    method: 'patch',
    path: '/v1/study-paths/{id}',
    tag: 'paths',
    summary: 'Change a path’s config',
    description: 'Sets the named keys of the config; the others stay as they are.',
    params: IdParams,
    ifMatch: true,
    body: { schema: ChangePath, required: true, example: { config: { tasks_per_day: 6 } } },
    answers: {
      200: {
        description: 'The path as it is now.',
        content: {
          'application/json': {
            schema: PathChanged,
            example: { path: { ...PATH, config: { ...PATH.config, tasks_per_day: 6 } } },
          },
        },
        headers: ['ETag'],
      },
    },
    problems: ['precondition-failed'],
  },
  {
    id: 'deletePath',
    method: 'delete',
    path: '/v1/study-paths/{id}',
    tag: 'privacy',
    summary: 'Erase a path',
    description:
      'Removes the path with its tasks, submissions, hints and events, for good. Nothing is asked back.',
    params: IdParams,
    ifMatch: true,
    answers: { 204: { description: 'The path is gone.' } },
    problems: ['precondition-failed'],
  },
];
