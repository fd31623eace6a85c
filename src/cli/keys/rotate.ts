import { createHash } from 'node:crypto';
import { NeonDbError, type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless';
import * as z from 'zod';
import type { DatabaseSettings } from '../database-settings.ts';
import type { KeyRing, SealContext, Unreadable } from './ring.ts';

/** Where sealed texts are: name, table, its key, the text's column, and what the text was sealed for. */
const PLACES = [
  {
    name: 'task_evaluations',
    table: 'task_evaluations',
    id: 'id',
    column: 'code',
    row: 'submission_id',
    seal: 'task_evaluations',
  },
  {
    name: 'task_evaluations.output',
    table: 'task_evaluations',
    id: 'id',
    column: 'output',
    row: 'id',
    seal: 'task_evaluations.output',
  },
  {
    name: 'task_transcripts',
    table: 'task_transcripts',
    id: 'event_id',
    column: 'sealed',
    row: 'hint_id',
    seal: 'task_events',
  },
] as const;
type Place = (typeof PLACES)[number];
export type SealedPlace = Place['name'];

export const SEALED_PLACES: readonly SealedPlace[] = PLACES.map(({ name }) => name);

/** Texts and bytes of ciphertext of one batch (Neon answers 10 MiB at least). */
const BATCH_ROWS = 500;
const BATCH_BYTES = 2_000_000;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** A batch that met another writer's locks the wrong way round is tried again this often. */
const TRIES = 5;
const RETRYABLE = new Set(['40P01', '40001']);

const Counts = z.array(z.object({ kid: z.string(), texts: z.coerce.number() }));
const Batch = z.array(
  z.object({
    id: z.string(),
    task_id: z.string(),
    row_id: z.string(),
    learner_id: z.string(),
    sealed: z.string(),
  }),
);
type Row = z.infer<typeof Batch>[number];
const Changed = z.array(z.object({ changed: z.coerce.number() }));

/** Texts by the id of their key; an empty id stands for what is not in the format of sealed texts. */
export type KeyCounts = Record<string, number>;

export type RotateReport = {
  before: Record<SealedPlace, KeyCounts>;
  after: Record<SealedPlace, KeyCounts>;
  /** Texts that this run has sealed again (with `dryRun`: would have). */
  rotated: number;
  /** Rows whose text does not open, by id; they stay as they are. */
  unreadable: { place: SealedPlace; id: string; reason: Unreadable }[];
};

export type RotateOptions = DatabaseSettings & {
  ring: KeyRing;
  /** Opens everything that would be sealed again, and writes nothing. */
  dryRun?: boolean;
  /** Told after each batch. */
  onBatch?: (progress: { place: SealedPlace; done: number; total: number }) => void;
};

function countQuery({ table, column }: Place): string {
  return `select coalesce(substring(left(${column}, 48) from '^v1\\.([A-Za-z0-9_-]{1,32})\\.'), '') as kid,
    count(*)::integer as texts from ${table} where ${column} is not null group by 1 order by 1`;
}

/** Answers to runs that lie under older keys are dropped: a repeat of the request runs the code again. */
const DROP_ANSWERS = `update idempotency_keys set response_status = null, response_body = null, response_output = null,
    response_headers = null, locked_until = now()
  where response_output = 'sealed' and not starts_with(response_body, $1)`;

/** What is being erased bears no learner's name any more, does not open, and goes by itself. */
function batchQuery({ table, id, column, row }: Place): string {
  return `with page as (
      select s.${id} as id, s.task_id, s.${row} as row_id, p.user_id as learner_id, octet_length(s.${column}) as size
      from ${table} s join study_tasks t on t.id = s.task_id join study_paths p on p.id = t.path_id
      where s.${id} > $1::uuid and not starts_with(s.${column}, $2) and p.user_id <> ''
      order by s.${id} limit ${BATCH_ROWS}
    ), sized as (
      select *, sum(size) over (order by id rows unbounded preceding) as upto from page
    )
    select z.id, z.task_id, z.row_id, z.learner_id, s.${column} as sealed
    from sized z join ${table} s on s.${id} = z.id where z.upto - z.size < ${BATCH_BYTES} order by z.id`;
}

/** Compare and set: a text that was changed or removed since it was read stays as it is. */
function writeQuery({ table, id, column }: Place): string {
  return `with changed as (
      update ${table} s set ${column} = x.sealed
      from jsonb_to_recordset($1::jsonb) as x(id uuid, was text, sealed text)
      where s.${id} = x.id and encode(sha256(convert_to(s.${column}, 'UTF8')), 'hex') = x.was
      returning 1
    ) select count(*)::integer as changed from changed`;
}

async function countsOf(sql: NeonQueryFunction<false, false>): Promise<Record<SealedPlace, KeyCounts>> {
  const counts: Record<SealedPlace, KeyCounts> = {
    task_evaluations: {},
    'task_evaluations.output': {},
    task_transcripts: {},
  };
  for (const place of PLACES)
    for (const { kid, texts } of Counts.parse(await sql.query(countQuery(place))))
      counts[place.name][kid] = texts;
  return counts;
}

function contextOf({ seal }: Place, row: Row): SealContext {
  return { table: seal, learnerId: row.learner_id, taskId: row.task_id, rowId: row.row_id };
}

/**
 * Seals again every text whose key is not the newest of the ring, in batches that are transactions of their own. The
 * Worker may serve meanwhile as long as it knows all keys of the ring; a run that was cut off is done by the next one.
 * Texts that come in under an older key during the run (from a Worker that was not yet deployed) are found as well.
 * @throws NeonDbError when the database cannot be reached or its role may not write.
 */
export async function rotateKeys(options: RotateOptions): Promise<RotateReport> {
  const { databaseUrl, fetchEndpoint, ring, dryRun = false, onBatch = () => {} } = options;
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = fetchEndpoint;
  const sql = neon(databaseUrl);
  const newest = `v1.${ring.newest}.`;
  const before = await countsOf(sql);
  const report: RotateReport = { before, after: before, rotated: 0, unreadable: [] };

  async function write(place: Place, rows: { id: string; was: string; sealed: string }[]): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      try {
        const [row] = Changed.parse(await sql.query(writeQuery(place), [JSON.stringify(rows)]));
        return row?.changed ?? 0;
      } catch (error) {
        const passing = error instanceof NeonDbError && RETRYABLE.has(error.code ?? '');
        if (!passing || tries >= TRIES) throw error;
      }
    }
  }

  /** From the first row to the last. @returns texts that were met and could be opened. */
  async function pass(place: Place, refused: Map<string, Unreadable>): Promise<number> {
    const all = Object.entries(before[place.name]);
    const total = all.reduce((sum, [kid, texts]) => sum + (kid === ring.newest ? 0 : texts), 0);
    let met = 0;
    for (let after = FIRST; ; ) {
      const batch = Batch.parse(await sql.query(batchQuery(place), [after, newest]));
      const last = batch.at(-1);
      if (last === undefined) return met;
      const sealed: { id: string; was: string; sealed: string }[] = [];
      for (const row of batch) {
        const context = contextOf(place, row);
        const opened = ring.open(row.sealed, context);
        if (!opened.ok) {
          refused.set(row.id, opened.reason);
          continue;
        }
        const was = createHash('sha256').update(row.sealed).digest('hex');
        sealed.push({ id: row.id, was, sealed: ring.seal(opened.plain, context) });
      }
      met += sealed.length;
      report.rotated += dryRun || sealed.length === 0 ? sealed.length : await write(place, sealed);
      onBatch({ place: place.name, done: met + refused.size, total });
      after = last.id;
    }
  }

  for (const place of PLACES) {
    let refused: Map<string, Unreadable>;
    // Another pass meets what was written behind this one's back, until there is nothing left to do.
    do refused = new Map();
    while ((await pass(place, refused)) > 0 && !dryRun);
    for (const [id, reason] of refused) report.unreadable.push({ place: place.name, id, reason });
  }
  if (!dryRun) await sql.query(DROP_ANSWERS, [newest]);
  report.after = await countsOf(sql);
  return report;
}
