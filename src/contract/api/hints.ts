import { HintEvent, RequestHint } from '../hints.ts';
import { HintList, ListHints } from '../history.ts';
import { IdParams } from '../text.ts';
import { CODE, HINT } from './examples.ts';
import type { Operation } from './operation.ts';

const STREAM = `event: delta
data: {"text":"Walk over the heights "}

event: delta
data: {"text":"once."}

event: done
data: {"level":1,"outcome":"complete"}

`;

export const hintOperations: readonly Operation[] = [
  {
    id: 'requestHint',
    method: 'post',
    path: '/v1/study-tasks/{id}/hint',
    tag: 'hints',
    summary: 'Ask the tutor for a hint',
    description:
      'Streams the tutor’s answer as server-sent events: `delta` with a piece of text any number of times, then `done`, or `error` when the tutor fails half way. Lines that begin with a colon keep the connection open. The hint counts once the tutor has begun to answer. Closing the connection stops the tutor. A stream is not stored under an `Idempotency-Key`: the same key streams again.',
    params: IdParams,
    body: {
      schema: RequestHint,
      required: false,
      example: { question: 'How do I begin?', code: CODE, language: 'python' },
    },
    answers: {
      200: {
        description: 'The tutor’s event stream.',
        content: { 'text/event-stream': { events: HintEvent, example: STREAM } },
      },
    },
    problems: [
      'invalid-transition',
      'hint-quota',
      'quota',
      'unknown-problem',
      'problem-bank-unavailable',
      'tutor-unavailable',
      'integrity-error',
      'archive-unavailable',
    ],
  },
  {
    id: 'listHints',
    method: 'get',
    path: '/v1/study-tasks/{id}/hints',
    tag: 'hints',
    summary: 'List the hints of a task',
    description:
      'Every hint with the question and what the tutor said, in the order in which they were given.',
    params: IdParams,
    query: ListHints,
    answers: {
      200: {
        description: 'A page of hints.',
        content: { 'application/json': { schema: HintList, example: { data: [HINT], next_cursor: null } } },
        headers: ['Link'],
      },
    },
    problems: ['integrity-error', 'archive-unavailable'],
  },
];
