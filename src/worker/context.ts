import type { Actor } from '#contract/events.ts';
import type { Evaluator } from './clients/evaluator.ts';
import type { ProblemBank } from './clients/problem-bank.ts';
import type { Tutor } from './clients/tutor.ts';
import type { Connections } from './clients/upstreams.ts';
import type { CodeCipher } from './crypto/cipher.ts';
import type { CursorCodec } from './crypto/cursor.ts';
import type { Pseudonyms } from './crypto/pseudonym.ts';
import type { Database } from './db/client.ts';
import type { Quotas } from './durable/quotas.ts';
import type { SlotPool } from './durable/slots.ts';
import type { Config } from './env.ts';
import type { ArchiveBucket } from './events/archive/bucket.ts';
import type { Logger } from './log.ts';

/** Everything outside a request's own data; made once per isolate by `index.ts`. */
export type Services = {
  config: Config;
  /** How each service is reached, for clients that keep nothing between requests. */
  connections: Connections;
  problemBank: ProblemBank;
  evaluator: Evaluator;
  tutor: Tutor;
  slots: SlotPool;
  quotas: Quotas;
  cipher: CodeCipher;
  cursors: CursorCodec;
  /** Names a learner in the Worker's log, and to the evaluator. */
  pseudonym: Pseudonyms;
  /** Null without a bucket: then no event is archived. */
  archive: ArchiveBucket | null;
};

/** What a verb of a slice receives. `now` is the request's one clock reading, RFC 3339 in UTC. */
export type Context = Services & {
  db: Database;
  actor: Actor;
  requestId: string;
  now: string;
  /** Fresh UUIDs; made from the idempotency key when there is one, so that a repeated request makes the same. */
  newId(): string;
  /** Lets work outlive the answer and the client (Workers' `waitUntil`). */
  background(work: Promise<unknown>): void;
  log: Logger;
};
