import type * as z from 'zod';
import type { TaskEvent } from '../events.ts';
import type { EvaluationWithCode, GivenHint } from '../history.ts';
import type { PathConfig, StudyPath } from '../paths.ts';
import type { Problem, ProblemSummary } from '../problem-bank.ts';
import type { Memory } from '../reviews.ts';
import type { Evaluation } from '../submissions.ts';
import type { Task } from '../tasks.ts';

/** The example learner works on one problem of one path; every example of the document is a moment of that story. */
export const PATH_ID = '8c1f6a52-6f0e-4f6b-9a53-0d6f1b7e2a10';
export const TASK_ID = '3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11';
const NEXT_TASK_ID = 'b7d1c9f0-52f4-4a3e-8a55-3f2d9c1e7b42';
export const SUBMISSION_ID = '5b0c9a7e-1d5f-4b1e-8f3a-7c2d4e6f8a90';
const EVALUATION_ID = 'e2a4c6d8-0b1f-4c3d-9e5f-a7b9c1d3e5f7';
const HINT_ID = '91d3f5b7-2c4e-4a6b-8d0f-1e3c5a7b9d2f';
const PROBLEM_ID = 'arrays-longest-plateau';
const CONTENT_HASH = '7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a';

export const CODE = `def longest_plateau(heights):
    best = run = 0
    for i, h in enumerate(heights):
        run = run + 1 if i and heights[i - 1] == h else 1
        best = max(best, run)
    return best`;

export const CURSOR = 'eyJ2IjoxLCJrIjpbIjIwMjYtMTEtMjYiXX0.c2lnbmF0dXJl';

const CONFIG: PathConfig = {
  initial_tasks: 8,
  tasks_per_day: 4,
  expiry_hours: 168,
  completion: 'first_attempt',
  idle_cap_minutes: 120,
  time_zone: 'Europe/Berlin',
  day_start_hour: 4,
  horizon: 8,
  modules: null,
  unlocked_modules: [],
  module_weights: {},
  module_target: 8,
  reviews_per_day: 10,
  desired_retention: 0.9,
  hints_per_task: 20,
};

export const PATH: StudyPath = {
  id: PATH_ID,
  track_id: 'coding-interview-meta',
  config: CONFIG,
  created_at: '2026-11-26T08:00:00.000Z',
  updated_at: '2026-11-26T08:00:00.000Z',
};

export const TASK: Task = {
  id: TASK_ID,
  path_id: PATH_ID,
  kind: 'problem',
  problem_id: PROBLEM_ID,
  module: 'arrays-strings',
  topic_tags: ['arrays', 'two-pointers'],
  difficulty: 1,
  status: 'scheduled',
  scheduled_at: '2026-11-26T08:00:00.000Z',
  started_at: null,
  completed_at: null,
  completed_day: null,
  expires_at: '2026-12-03T08:00:00.000Z',
  score: null,
  time_spent_seconds: null,
  hints_used: 0,
  attempts: 0,
  pending_evaluations: 0,
  version: 1,
  metadata: { reason: 'First steps in arrays.', reason_code: 'new-module', rule_version: 1 },
  created_at: '2026-11-26T08:00:00.000Z',
};

export const STARTED_TASK: Task = {
  ...TASK,
  status: 'in_progress',
  started_at: '2026-11-26T09:30:00.000Z',
  version: 2,
};

export const PENDING_TASK: Task = { ...STARTED_TASK, attempts: 1, pending_evaluations: 1, version: 3 };

export const COMPLETED_TASK: Task = {
  ...STARTED_TASK,
  status: 'completed',
  completed_at: '2026-11-26T09:43:00.000Z',
  completed_day: '2026-11-26',
  score: 1,
  time_spent_seconds: 780,
  attempts: 1,
  version: 6,
  metadata: { ...TASK.metadata, first_score: 1 },
};

export const NEXT_TASK: Task = {
  ...TASK,
  id: NEXT_TASK_ID,
  kind: 'review',
  scheduled_at: '2026-11-30T08:00:00.000Z',
  expires_at: '2026-12-07T08:00:00.000Z',
};

export const PROBLEM: Problem = {
  problem_id: PROBLEM_ID,
  title: 'Longest plateau',
  statement: 'Given the heights of a walk, return the length of its longest run of equal neighbours.',
  module: 'arrays-strings',
  topic_tags: ['arrays', 'two-pointers'],
  difficulty: 1,
  entry_point: 'longest_plateau',
  params: ['heights'],
  languages: ['python', 'javascript'],
  starter_code: { python: 'def longest_plateau(heights):\n    ...' },
  visible_tests: [{ args: [[1, 2, 2, 3]], expected: 2 }],
  comparison: 'exact',
  signature: null,
  expected_minutes: 15,
  source: 'study-paths',
  source_ref: null,
  licence: 'MIT',
  attribution: null,
  hidden_test_count: 9,
  hint_count: 3,
  content_hash: CONTENT_HASH,
};

export const PROBLEM_SUMMARY: ProblemSummary = {
  problem_id: PROBLEM_ID,
  title: PROBLEM.title,
  module: PROBLEM.module,
  topic_tags: PROBLEM.topic_tags,
  difficulty: PROBLEM.difficulty,
  languages: PROBLEM.languages,
  expected_minutes: PROBLEM.expected_minutes,
  content_hash: CONTENT_HASH,
};

export const EVALUATION: Evaluation = {
  id: EVALUATION_ID,
  submission_id: SUBMISSION_ID,
  attempt: 1,
  run: 1,
  language: 'python',
  status: 'evaluated',
  verdict: 'AC',
  test_cases_passed: 10,
  test_cases_total: 10,
  score: 1,
  runtime_ms: 35,
  memory_mb: 21.5,
  error_message: null,
  tests: [
    {
      number: 1,
      hidden: false,
      verdict: 'AC',
      args: [[1, 2, 2, 3]],
      expected: 2,
      actual: 2,
      stdout: '',
      stdout_truncated: false,
      error: null,
      runtime_ms: 3,
    },
  ],
  hidden: { total: 9, passed: 9, first_failed: null },
  content_hash: CONTENT_HASH,
  created_at: '2026-11-26T09:43:00.000Z',
  day: '2026-11-26',
  evaluated_at: '2026-11-26T09:43:01.120Z',
};

export const PENDING_EVALUATION: Evaluation = {
  ...EVALUATION,
  status: 'pending',
  verdict: null,
  test_cases_passed: null,
  test_cases_total: null,
  score: null,
  runtime_ms: null,
  memory_mb: null,
  tests: null,
  hidden: null,
  content_hash: null,
  evaluated_at: null,
};

export const EVALUATION_WITH_CODE: EvaluationWithCode = { ...EVALUATION, code: CODE };

export const HINT: GivenHint = {
  hint_id: HINT_ID,
  seq: 3,
  level: 1,
  at: '2026-11-26T09:36:00.000Z',
  outcome: 'complete',
  question: 'How do I begin?',
  text: 'Walk over the heights once. What do you have to remember about the current run?',
};

export const EVENT: z.input<typeof TaskEvent> = {
  id: 'd4f6a8b0-1c3e-4d5f-8a9b-0c2e4f6a8b1d',
  task_id: TASK_ID,
  seq: 2,
  event_type: 'started',
  schema_version: 1,
  payload: { started_at: '2026-11-26T09:30:00.000Z', expires_at: '2026-12-03T08:00:00.000Z' },
  actor: { type: 'learner' },
  request_id: '0b8f4f0e-6a3f-4a77-9a38-2f6d6c1c0a51',
  occurred_at: '2026-11-26T09:30:00.000Z',
  created_at: '2026-11-26T09:30:00.000Z',
};

export const MEMORY: Memory = { stability: 3.7, difficulty: 5.1, reps: 1, lapses: 0, retrievability: 0.94 };
