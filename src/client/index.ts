export { createAnswerCache } from './answer-cache.ts';
export type { Call } from './call.ts';
export * from './calls.ts';
export { createClient, type StudyPathsClient } from './client.ts';
export {
  type AnyStudyPathsError,
  type ErrorCode,
  isStudyPathsError,
  StudyPathsError,
  type TransportCode,
} from './errors.ts';
export type { HintStream } from './event-stream.ts';
export type {
  CallOptions,
  ClientOptions,
  Fetch,
  RetryOptions,
  SendOptions,
  SendSettings,
  TokenSource,
} from './options.ts';
export { type Rows, rowsOf } from './pages.ts';
export { retrying } from './retry.ts';
export { createSend, type Send } from './send.ts';
export type * from './types.ts';
