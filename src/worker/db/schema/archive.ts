import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { bytes, instant, oneOf } from './columns.ts';
import { studyTasks } from './tasks.ts';

/**
 * Objects of the archive's bucket: each is noted before it is written, and forgotten after it is deleted. It holds events
 * of one path, recorded in one month. No foreign key to the path, whose row an erasure removes first.
 */
export const eventArchives = pgTable(
  'event_archives',
  {
    id: uuid('id').primaryKey(),
    pathId: uuid('path_id').notNull(),
    /** First day of the month. */
    month: date('month').notNull(),
    objectKey: text('object_key').notNull(),
    /** `writing` until it was read back, then `stored`; `dropping` when it is to be deleted. */
    state: varchar('state', { length: 10 }).notNull().default('writing'),
    /** SHA-256 (hex) and size of the object, and the events in it. */
    sha256: varchar('sha256', { length: 64 }),
    bytes: integer('bytes'),
    events: integer('events'),
    startedAt: instant('started_at').notNull(),
  },
  (t) => [
    unique('event_archives_key').on(t.objectKey),
    check('event_archives_state', oneOf('state', ['writing', 'stored', 'dropping'])),
    check(
      'event_archives_stored',
      sql.raw(`state <> 'stored' or (sha256 is not null and bytes > 0 and events > 0)`),
    ),
    index('idx_event_archives_path').on(t.pathId),
    index('idx_event_archives_unsettled').on(t.startedAt).where(sql.raw(`state <> 'stored'`)),
  ],
);

/** Which of a task's events are in which object: a beginning of its chain, without gaps, and the hashes at its ends. */
export const archivedTasks = pgTable(
  'archived_tasks',
  {
    taskId: uuid('task_id').notNull(),
    firstSeq: integer('first_seq').notNull(),
    lastSeq: integer('last_seq').notNull(),
    prevHash: bytes('prev_hash').notNull(),
    lastHash: bytes('last_hash').notNull(),
    archiveId: uuid('archive_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.firstSeq] }),
    foreignKey({
      name: 'archived_tasks_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'archived_tasks_archive_fk',
      columns: [t.archiveId],
      foreignColumns: [eventArchives.id],
    }).onDelete('cascade'),
    check('archived_tasks_range', sql.raw('first_seq >= 1 and last_seq >= first_seq')),
    index('idx_archived_tasks_archive').on(t.archiveId),
  ],
);

/** What somebody typed in archived events: it stays here, where it can be erased. */
export const archivedTexts = pgTable(
  'archived_texts',
  {
    eventId: uuid('event_id').primaryKey(),
    taskId: uuid('task_id').notNull(),
    archiveId: uuid('archive_id').notNull(),
    personal: jsonb('personal').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'archived_texts_task_fk',
      columns: [t.taskId],
      foreignColumns: [studyTasks.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'archived_texts_archive_fk',
      columns: [t.archiveId],
      foreignColumns: [eventArchives.id],
    }).onDelete('cascade'),
    index('idx_archived_texts_archive').on(t.archiveId, t.taskId),
    index('idx_archived_texts_task').on(t.taskId),
  ],
);
