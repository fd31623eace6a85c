import { pgTable, primaryKey, varchar } from 'drizzle-orm/pg-core';

/** Which tasks take a command that is written without being read first: the rows of the domain's `TASK_COMMANDS`. */
export const taskTransitions = pgTable(
  'task_transitions',
  {
    command: varchar('command', { length: 20 }).notNull(),
    kind: varchar('kind', { length: 20 }).notNull(),
    status: varchar('status', { length: 20 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.command, t.kind, t.status] })],
);
