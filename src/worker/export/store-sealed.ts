import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { param, statement } from '../db/statement.ts';
import { learner } from './pages.ts';

/** A sealed text of the learner: `row_id` is the row that it was sealed for. */
export type SealedText = { id: string; task_id: string; row_id: string; sealed: string };
export type SealedKind = 'code' | 'output' | 'transcript';

/** Letters that tell the kinds apart in the text of a page. */
export const PLACES = { c: 'code', o: 'output', t: 'transcript' } as const satisfies Record<
  string,
  SealedKind
>;

/** Most bytes of ciphertext in one answer, unless one text alone has more. */
const ANSWER_BYTES = 4_194_304;

type Source = { table: string; id: string; column: string; row: string };

function sealedStatement(name: string, source: Source) {
  const table = sql.raw(source.table);
  const id = sql.raw(`s.${source.id}`);
  const column = sql.raw(`s.${source.column}`);
  return statement<{ learner_id: string; ids: readonly string[] }, SealedText>(
    name,
    'read',
    sql`with sizes as (
      select ${id} as id, w.ord, octet_length(${column}) as size,
        sum(octet_length(${column})) over (order by w.ord rows unbounded preceding) as upto
      from unnest(${param('ids', 'uuid[]')}) with ordinality w(id, ord)
      join ${table} s on ${id} = w.id join study_tasks t on t.id = s.task_id join study_paths p on p.id = t.path_id
      where p.user_id = ${learner} and ${column} is not null
    )
    select sizes.id, s.task_id, ${sql.raw(`s.${source.row}`)} as row_id, ${column} as sealed
    from sizes join ${table} s on ${id} = sizes.id
    where sizes.upto - sizes.size < ${sql.raw(String(ANSWER_BYTES))} order by sizes.ord`,
  );
}

const SEALED = {
  code: sealedStatement('export-codes', {
    table: 'task_evaluations',
    id: 'id',
    column: 'code',
    row: 'submission_id',
  }),
  output: sealedStatement('export-outputs', {
    table: 'task_evaluations',
    id: 'id',
    column: 'output',
    row: 'id',
  }),
  transcript: sealedStatement('export-transcripts', {
    table: 'task_transcripts',
    id: 'event_id',
    column: 'sealed',
    row: 'hint_id',
  }),
};

/** The sealed texts of these rows in their order, as many as one answer takes and at least one if any is there. */
export function sealedTexts(
  db: Database,
  learnerId: string,
  kind: SealedKind,
  ids: readonly string[],
): Promise<SealedText[]> {
  return db.query(SEALED[kind], { learner_id: learnerId, ids });
}
