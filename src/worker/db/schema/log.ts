import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  smallint,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { bytes, instant, oneOf } from './columns.ts';
import { studyPaths, studyTasks } from './tasks.ts';

/** One order of all events, of tasks, paths and learners: drawn while the rows that an event is about are locked. */
export const logPositions = pgSequence('log_positions');

const position = () =>
  bigint('position', { mode: 'number' }).notNull().default(sql`nextval('log_positions')`);

/** What every event has. Triggers link the rows of a stream and refuse to change them (drizzle/0000_baseline.sql). */
const eventColumns = () => ({
  position: position(),
  eventType: varchar('event_type', { length: 40 }).notNull(),
  schemaVersion: smallint('schema_version').notNull().default(1),
  payload: jsonb('payload').notNull(),
  actor: jsonb('actor').notNull(),
  requestId: varchar('request_id', { length: 100 }),
  occurredAt: instant('occurred_at').notNull(),
  /** When the log took it, by the database's clock; never before the event in front of it. */
  createdAt: instant('created_at').notNull(),
  /** SHA-256 of the event in front of it (zeros for the first), and of that together with this one. */
  prevHash: bytes('prev_hash').notNull(),
  hash: bytes('hash').notNull(),
});

/** No cascade ends here: events go through the functions of erasure and archive alone. */
export const taskEvents = pgTable(
  'task_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    taskId: uuid('task_id').notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
    /** What somebody typed, with a salt; the payload holds its digest instead, so that it can be erased. */
    personal: jsonb('personal'),
  },
  (t) => [
    foreignKey({
      name: 'task_events_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }),
    unique('task_events_seq').on(t.taskId, t.seq),
    check('task_events_seq_positive', sql.raw('seq >= 1')),
    index('idx_task_events_task').on(t.taskId, t.createdAt),
    index('idx_task_events_created').on(t.createdAt),
  ],
);

/** How a path began and what became of its config. */
export const pathEvents = pgTable(
  'path_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    pathId: uuid('path_id').notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
  },
  (t) => [
    foreignKey({ name: 'path_events_path_fk', columns: [t.pathId], foreignColumns: [studyPaths.id] }),
    unique('path_events_seq').on(t.pathId, t.seq),
  ],
);

/** What a learner knows apart from any task: kept when a path was erased, or brought by an import. */
export const learnerEvents = pgTable(
  'learner_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: varchar('user_id', { length: 255 }).notNull(),
    seq: integer('seq').notNull(),
    ...eventColumns(),
  },
  (t) => [unique('learner_events_seq').on(t.userId, t.seq)],
);

/** What remains of erased data: when and how much it was, but not whose. */
export const erasures = pgTable(
  'erasures',
  {
    id: uuid('id').primaryKey(),
    scope: varchar('scope', { length: 20 }).notNull(),
    /** Rows removed, by table. */
    removed: jsonb('removed').notNull(),
    erasedAt: instant('erased_at').notNull(),
    /** SHA-256 over the newest hashes of the chains that end here, by the order of their tasks' ids. */
    heads: bytes('heads'),
    /** Tombstones are a chain of their own. */
    seq: integer('seq').notNull(),
    prevHash: bytes('prev_hash').notNull(),
    hash: bytes('hash').notNull(),
  },
  (t) => [check('erasures_scope', oneOf('scope', ['path', 'learner'])), unique('erasures_seq').on(t.seq)],
);
