import { Progress, ShowProgress } from '../progress.ts';
import { IdParams } from '../text.ts';
import { Module } from '../vocabulary.ts';
import { PATH_ID } from './examples.ts';
import type { Operation } from './operation.ts';

const FIGURES = {
  tasks: 8,
  by_status: { scheduled: 6, in_progress: 1, completed: 1, skipped: 0, expired: 0 },
  solved: 1,
  attempted: 0,
  first_try: { n: 1, rate: 1 },
  eventual: { n: 1, rate: 1 },
  mean_score: 1,
  hints_used: 1,
  time_spent_seconds: 780,
};

const NO_FIGURES = {
  tasks: 0,
  by_status: { scheduled: 0, in_progress: 0, completed: 0, skipped: 0, expired: 0 },
  solved: 0,
  attempted: 0,
  first_try: { n: 0, rate: null },
  eventual: { n: 0, rate: null },
  mean_score: null,
  hints_used: 0,
  time_spent_seconds: 0,
};

const UNKNOWN = { level: 'unknown', rating: null, n: 0, reason: null } as const;
const FIRST = { level: 'unknown', rating: 1180, n: 1, reason: 'first-evidence' } as const;
const RETENTION = { reviews: 0, passed: 0, rate: null };

const EXAMPLE: Progress = {
  path_id: PATH_ID,
  time_zone: 'Europe/Berlin',
  day_start_hour: 4,
  totals: FIGURES,
  modules: Module.options.map((module) => {
    const begun = module === 'arrays-strings';
    const solved = begun ? 1 : 0;
    return {
      ...(begun ? FIGURES : NO_FIGURES),
      module,
      problems_solved: solved,
      problems_attempted: 0,
      module_size: 40,
      completion_rate: solved / 40,
      mastery: begun ? FIRST : UNKNOWN,
    };
  }),
  topics: [
    {
      ...FIGURES,
      first_try: { n: 1, rate: null },
      eventual: { n: 1, rate: null },
      topic: 'arrays',
      not_enough_data: true,
      mastery: FIRST,
    },
  ],
  practice: {
    days: 1,
    current_streak: 1,
    longest_streak: 1,
    last_day: '2026-11-26',
    today: '2026-11-26',
    activity: [{ date: '2026-11-26', quarters: 2 }],
  },
  upcoming_reviews: { overdue: 0, days: [{ date: '2026-11-30', reviews: 1 }] },
  reviews: {
    due_now: 0,
    forecast: {
      overdue: 0,
      days: [{ date: '2026-11-30', due: 1, planned: 1, backlog: 0 }],
      spans: [{ days: 7, due: 1, planned: 1, backlog: 0 }],
    },
    retention: [{ period: 'all', young: RETENTION, mature: RETENTION, all: RETENTION }],
  },
};

export const progressOperations: readonly Operation[] = [
  {
    id: 'getProgress',
    method: 'get',
    path: '/v1/study-paths/{id}/progress',
    tag: 'progress',
    summary: 'Get the progress of a path',
    description:
      'Counts, accuracy, time and mastery by module and topic of one path; days of practice, streaks, retention and reviews ahead are the learner’s, over all paths. A day is the one that was stored when something happened: it begins at `day_start_hour` in the time zone that the newest path had then.',
    params: IdParams,
    query: ShowProgress,
    about: {
      as_of:
        'A moment in the past: the answer is made of what the log had recorded up to then. A path that did not exist yet is 404. Such reads are limited per minute.',
    },
    answers: {
      200: {
        description: 'The figures.',
        content: { 'application/json': { schema: Progress, example: EXAMPLE } },
      },
    },
    problems: ['rate-limited'],
  },
];
