export { createClient, type StudyPathsClient } from './client.ts';
export {
  type AnyStudyPathsError,
  type ErrorCode,
  isStudyPathsError,
  StudyPathsError,
  type TransportCode,
} from './errors.ts';
export type { HintStream } from './event-stream.ts';
export type { CallOptions, ClientOptions, RetryOptions, TokenSource } from './options.ts';
export type * from './types.ts';
