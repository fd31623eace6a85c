import type * as z from 'zod';
import { PROBLEMS, type ProblemCode } from '../problem-details.ts';
import type { HeaderName } from './headers.ts';

/** Chapters of the API, in the order in which a reader meets them. */
export const TAGS = {
  paths:
    'A study path is a learner’s way through a track. It holds the config that decides what is chosen next.',
  tasks: 'A task is one problem, review or lesson of a path. It is scheduled, worked on, and ends for good.',
  evaluations: 'Code is judged against visible and hidden tests. Two evaluations of a learner run at once.',
  hints: 'The tutor answers as an event stream and never sees a hidden test.',
  reviews: 'Solved problems come back when they are about to be forgotten (FSRS-6).',
  history: 'Everything a learner did: lists with filters, and the event log of each task.',
  progress: 'Where a learner stands: counts, accuracy, mastery, practice days and reviews ahead.',
  export: 'Files to take away. They stream, so that size does not matter.',
  privacy: 'Erasure of a path, or of everything.',
  service: 'For monitors; needs no token.',
} as const;
export type Tag = keyof typeof TAGS;

export type Method = 'get' | 'post' | 'patch' | 'delete';
export type MediaType = 'application/json' | 'text/csv' | 'text/event-stream';

/** A body as it travels: its schema where it is JSON, and an example that a reader can copy. */
export type Content = {
  schema?: z.ZodType;
  /** Of an event stream: what one event holds. */
  events?: z.ZodType;
  example: unknown;
};

export type Answer = {
  description: string;
  /** Absent where the answer has no body. */
  content?: Partial<Record<MediaType, Content>>;
  headers?: readonly HeaderName[];
};

/** What is written down of an operation; the rest follows from its kind (`problemsOf`, `answersOf`). */
export type Operation = {
  id: string;
  method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  path: `/${string}`;
  tag: Tag;
  summary: string;
  description: string;
  /** True for what anybody may ask, without a token. */
  open?: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** What each query parameter means; `PARAMETERS` knows those that are the same everywhere. */
  about?: Readonly<Record<string, string>>;
  body?: Content & { schema: z.ZodType; required: boolean };
  ifMatch?: boolean;
  answers: Readonly<Record<number, Answer>>;
  /** Codes that this operation answers beyond those that its kind has anyway. */
  problems?: readonly ProblemCode[];
};

/** Refused before anything of the request is read: by its URL, its token, or because the service is not set up. */
const DOOR = [
  'malformed-url',
  'missing-token',
  'invalid-token',
  'auth-unavailable',
  'storage-unavailable',
  'not-configured',
] as const satisfies ProblemCode[];

/** Any method with a body; a body is looked at even where none is asked for. */
const BODY = [
  'rate-limited',
  'payload-too-large',
  'unsupported-media-type',
  'unsupported-encoding',
  'malformed-json',
  'validation',
] as const satisfies ProblemCode[];

const IDEMPOTENCY = [
  'invalid-idempotency-key',
  'idempotency-key-reused',
  'request-in-progress',
] as const satisfies ProblemCode[];

/** True for a read whose answer has an entity tag made of its body. */
export function isTagged({ method, open, answers }: Operation): boolean {
  const { content, headers = [] } = answers[200] ?? {};
  const json = content?.['application/json'] !== undefined;
  return method === 'get' && open !== true && json && !headers.includes('Content-Disposition');
}

/** Every code that the operation can answer, in the order of the contract. `internal` is left to `default`. */
export function problemsOf(operation: Operation): ProblemCode[] {
  const { method, open, query, params, problems = [] } = operation;
  const codes = new Set<ProblemCode>(problems);
  const add = (more: readonly ProblemCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (open !== true) add(DOOR);
  if (open === true) add(['malformed-url']);
  if (method !== 'get') add(BODY);
  if (method === 'post') add(IDEMPOTENCY);
  if (params !== undefined) add(['not-found']);
  if (query !== undefined) add(['invalid-query']);
  if (query !== undefined && 'cursor' in query.shape) add(['invalid-cursor']);
  return (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => codes.has(code));
}

/** The codes by their status. */
export function problemsByStatus(operation: Operation): Map<number, ProblemCode[]> {
  return Map.groupBy(problemsOf(operation), (code) => PROBLEMS[code].status);
}

/** Every status that the operation can answer, ascending. */
export function statusesOf(operation: Operation): number[] {
  const statuses = new Set([
    ...Object.keys(operation.answers).map(Number),
    ...problemsByStatus(operation).keys(),
  ]);
  if (isTagged(operation)) statuses.add(304);
  return [...statuses].toSorted((a, b) => a - b);
}
