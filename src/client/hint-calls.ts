import { type Call, get, segment } from './call.ts';
import { type HintStream, hintStream } from './event-stream.ts';
import type * as t from './types.ts';

/** Milliseconds for a hint, a little more than the service itself allows. */
const HINT_MS = 310_000;

const of = (id: string, what: string) => `/v1/study-tasks/${segment(id)}/${what}`;

/** Never sent again by itself once it may have begun: a hint that is asked for twice counts twice. */
export const requestHint = (id: string, body?: t.RequestHint): Call<HintStream> => ({
  method: 'POST',
  path: of(id, 'hint'),
  body: body ?? {},
  accept: 'text/event-stream',
  streams: true,
  timeoutMs: HINT_MS,
  read: hintStream,
});

export const listHints = (id: string, query?: t.ListHintsQuery) => get<t.HintList>(of(id, 'hints'), query);
