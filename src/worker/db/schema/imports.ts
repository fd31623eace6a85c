import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/**
 * Parts of a file that is being imported: one request cannot carry a large file, and one transaction shall write it. The
 * transaction that writes them takes them away; what a cut-off import has left goes after a day.
 */
export const importParts = pgTable(
  'import_parts',
  {
    importId: uuid('import_id').notNull(),
    /** Whose data the rows are: an erasure takes them, too. */
    userId: text('user_id').notNull(),
    /** Counts the parts of an import from 0. */
    place: integer('place').notNull(),
    rows: jsonb('rows').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.place] })],
);
