import { json, segment } from './call.ts';
import type * as t from './types.ts';

const of = (id: string, what: string) => `/v1/study-tasks/${segment(id)}/${what}`;

/** The evaluation is `pending` while a service that it needs is unavailable; it is judged later by itself. */
export const submitCode = (id: string, body: t.Submit) => json<t.Judged>('POST', of(id, 'submit'), body);

export const runCode = (id: string, body: t.Run) => json<t.RunResult>('POST', of(id, 'run'), body);

export const evaluateAgain = (id: string, body?: t.Evaluate) =>
  json<t.Judged>('POST', of(id, 'evaluate'), body ?? {});
