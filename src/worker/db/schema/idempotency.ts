import { index, jsonb, pgTable, primaryKey, smallint, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: varchar('user_id', { length: 255 }).notNull(),
    key: varchar('key', { length: 255 }).notNull(),
    /** SHA-256 (hex) of method, path and body: the same key with another request is refused. */
    fingerprint: varchar('fingerprint', { length: 64 }).notNull(),
    /** Seed of the ids that the request makes, so that a second run after a crash makes the same ones. */
    seed: uuid('seed').notNull(),
    lockedUntil: instant('locked_until').notNull(),
    responseStatus: smallint('response_status'),
    responseBody: text('response_body'),
    /**
     * What the stored body lacks of the answer: nothing (null), or the output of the program. `evaluation`: that is
     * stored with the evaluation. `sealed`: the stored body is the whole answer under the key ring.
     */
    responseOutput: varchar('response_output', { length: 20 }),
    responseHeaders: jsonb('response_headers'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('idx_idempotency_keys_created').on(t.createdAt)],
);
