import { Evaluate, Judged, Run, RunResult, Submit } from '../submissions.ts';
import { IdParams } from '../text.ts';
import {
  CODE,
  COMPLETED_TASK,
  EVALUATION,
  PENDING_EVALUATION,
  PENDING_TASK,
  SUBMISSION_ID,
} from './examples.ts';
import type { Operation } from './operation.ts';

const answers = {
  200: {
    description:
      'The result. Code that fails its tests is a result too. Of hidden tests it says how many passed, and number and verdict of the first that failed. A submission over which the judge itself failed three times has status `failed` and verdict IE, and counts for nothing.',
    content: {
      'application/json': { schema: Judged, example: { evaluation: EVALUATION, task: COMPLETED_TASK } },
    },
  },
  202: {
    description:
      'The submission is stored, but cannot be judged yet since a service is unavailable. It is tried again by itself for 24 hours.',
    content: {
      'application/json': { schema: Judged, example: { evaluation: PENDING_EVALUATION, task: PENDING_TASK } },
    },
    headers: ['Retry-After'],
  },
} as const satisfies Operation['answers'];

export const evaluationOperations: readonly Operation[] = [
  {
    id: 'submitCode',
    method: 'post',
    path: '/v1/study-tasks/{id}/submit',
    tag: 'evaluations',
    summary: 'Submit code',
    description:
      'Stores the code and has it judged against all tests. The first judged submission completes a problem (or, with `completion: "until_passed"`, the first that passes every test); later ones are further attempts. A scheduled task is started. Send an `Idempotency-Key` so that a repeated request is one submission.',
    params: IdParams,
    body: {
      schema: Submit,
      required: true,
      example: { language: 'python', code: CODE, time_spent_seconds: 780 },
    },
    answers,
    problems: ['invalid-transition', 'unsupported-language', 'too-many-evaluations', 'quota'],
  },
  {
    id: 'runCode',
    method: 'post',
    path: '/v1/study-tasks/{id}/run',
    tag: 'evaluations',
    summary: 'Run code on the visible tests',
    description:
      'Judges the code against the visible tests only. Nothing is stored. Takes a slot while it runs.',
    params: IdParams,
    body: { schema: Run, required: true, example: { language: 'python', code: CODE } },
    answers: {
      200: {
        description: 'The result.',
        content: {
          'application/json': {
            schema: RunResult,
            example: {
              verdict: 'AC',
              test_cases_passed: 1,
              test_cases_total: 1,
              runtime_ms: 5,
              memory_mb: 21.5,
              error_message: null,
              tests: EVALUATION.tests?.slice(0, 1),
            },
          },
        },
      },
    },
    problems: [
      'invalid-transition',
      'unknown-problem',
      'unsupported-language',
      'too-many-evaluations',
      'quota',
      'problem-bank-unavailable',
      'evaluator-unavailable',
    ],
  },
  {
    id: 'evaluateAgain',
    method: 'post',
    path: '/v1/study-tasks/{id}/evaluate',
    tag: 'evaluations',
    summary: 'Judge a submission again',
    description:
      'Judges the given submission once more, as a new run next to its old results; without one, the newest that is pending or failed.',
    params: IdParams,
    body: { schema: Evaluate, required: false, example: { submission_id: SUBMISSION_ID } },
    answers,
    problems: [
      'invalid-transition',
      'nothing-to-evaluate',
      'too-many-evaluations',
      'quota',
      'integrity-error',
    ],
  },
];
