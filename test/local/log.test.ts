import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '#cli/log/canonical.ts';
import { forgetTexts } from '#cli/log/forget.ts';
import { changesUnder, modelOf } from '#cli/log/model.ts';
import { compareRebuilt, evidenceOfAll, rebuildLog } from '#cli/log/rebuild.ts';
import { verifyLog } from '#cli/log/verify.ts';
import { PERSONAL_KEYS } from '#contract/events.ts';
import { LIVE_MODEL, remodel } from '#domain/learning/models.ts';
import { archiveOldEvents } from '#worker/events/archive/archive-events.ts';
import { seededRandom } from '../simulate/random.ts';
import { memoryBucket } from '../support/local-r2.ts';
import { type LogBench, logBench } from '../support/log-bench.ts';
import { pastAndPresent } from '../support/past.ts';
import type { Learner } from '../support/progress-bench.ts';
import { tamper } from '../support/tamper.ts';

let bench: LogBench;
let learners: Learner[];
beforeAll(async () => {
  bench = await logBench();
  learners = await bench.makeHistory({ learners: 6, steps: 400, seed: 7 });
});
afterAll(() => bench?.close());

test('after everything that learners and crons do, the log tells every column', async () => {
  const verdict = await verifyLog(bench.owner);
  expect(verdict).toMatchObject({ learners: 6, broken: [], differences: [] });
  const kinds = await bench.rows('select distinct event_type from task_events');
  expect(kinds.length).toBeGreaterThan(10);
  expect(await verifyLog(bench.owner, { user: learners[0]?.learner })).toMatchObject({ learners: 1 });
  expect(await verifyLog(bench.owner, { sample: 2 })).toMatchObject({ learners: 2, broken: [] });
});

test('another version of the rules is tried on the evidence alone, and the rules of today give what is there', async () => {
  for await (const [learner, evidence] of evidenceOfAll(bench.owner)) {
    const { mastery } = remodel(evidence, modelOf(LIVE_MODEL));
    const rows = await bench.rows('select topic, rating, n from mastery where user_id = $1', [learner]);
    const told = [...mastery].map(([topic, { rating, n }]) => ({ topic, rating, n }));
    expect(told.toSorted((a, b) => (a.topic < b.topic ? -1 : 1))).toEqual(
      rows.toSorted((a, b) => (String(a.topic) < String(b.topic) ? -1 : 1)),
    );
  }
  let changed = 0;
  for await (const { topics } of changesUnder(bench.owner, modelOf('v2'))) changed += topics.length;
  expect(changed).toBeGreaterThan(5);
  expect(() => modelOf('v9')).toThrow('v1, v2');
});

test('at forty moments of a history, the log tells the progress that stood there then', async () => {
  const pairs = await pastAndPresent(bench, 40, 23);
  expect(pairs).toHaveLength(40);
  for (const { was, told } of pairs) expect(told).toEqual(was);
  expect(new Set(pairs.map(({ was }) => JSON.stringify(was))).size).toBeGreaterThan(20);
});

test('texts that are forgotten are gone, what they stood in stays, and the log still tells every column', async () => {
  const [typed] = await bench.rows(
    `select task_id, count(*)::integer as n from task_events where event_type = 'metadata_changed' or personal is not null
     group by task_id having count(*) filter (where event_type = 'status_changed') > 0 limit 1`,
  );
  const task = String(typed?.task_id);
  expect(await forgetTexts(bench.owner, task)).toBe(typed?.n);
  expect(await forgetTexts(bench.owner, task)).toBe(0);
  expect(await forgetTexts(bench.owner, randomUUID())).toBeNull();
  const rows = await bench.rows(
    'select event_type, personal from task_events where task_id = $1 order by seq',
    [task],
  );
  expect(rows.at(-1)).toEqual({ event_type: 'erased', personal: null });
  expect(rows.every(({ personal }) => personal === null)).toBe(true);
  const [row] = await bench.rows('select metadata from study_tasks where id = $1', [task]);
  expect(Object.keys(row?.metadata as object)).not.toContain('skip_reason');
  expect(await verifyLog(bench.owner)).toMatchObject({ broken: [], differences: [] });
});

test('an erased path leaves what the learner knows, and a log that tells it', async () => {
  const [gone] = await bench.makeHistory({ learners: 1, steps: 120, seed: 11 });
  if (gone === undefined) throw new Error('no learner');
  await bench.erasePath(gone);
  expect(await verifyLog(bench.owner)).toMatchObject({ broken: [], differences: [] });
  const kept = await bench.rows('select event_type from learner_events where user_id = $1', [gone.learner]);
  expect(kept).toEqual([{ event_type: 'learning_kept' }]);
});

test('the log rebuilds every table into an empty schema, also in two runs, and the sums with them', async () => {
  const full = await rebuildLog(bench.owner, 'rebuilt');
  expect(full.events).toBeGreaterThan(300);
  const differing = await compareRebuilt(bench.owner, 'rebuilt');
  expect(differing).toEqual(Object.fromEntries(Object.keys(differing).map((table) => [table, 0])));
  expect(Object.keys(differing)).toHaveLength(11);
  expect(await rebuildLog(bench.owner, 'rebuilt')).toEqual({ rows: 0, events: 0, resumed: true });

  await bench.owner.query('update rebuilt.study_tasks set hints_used = hints_used + 1');
  const wrong = await compareRebuilt(bench.owner, 'rebuilt');
  expect(wrong.study_tasks).toBeGreaterThan(100);
  await bench.owner.query('drop schema rebuilt cascade');
});

test('a row that was changed without the log is named with its column', async () => {
  await bench.owner.query('begin');
  const { rows } = await bench.owner.query(
    `update study_tasks set hints_used = hints_used + 7 where id = (select id from study_tasks limit 1) returning id`,
  );
  await bench.owner.query('commit');
  const { differences, broken } = await verifyLog(bench.owner);
  expect(broken).toEqual([]);
  expect(differences).toMatchObject([{ table: 'study_tasks', key: rows[0]?.id, column: 'hints_used' }]);
  await bench.owner.query('update study_tasks set hints_used = hints_used - 7 where id = $1', [rows[0]?.id]);
});

test('a hundred edits, deletions, swaps and insertions: each is found, at its first broken link', async () => {
  const { done, missed } = await tamper(bench.owner, seededRandom(3, 'tamper'), 100);
  expect(missed).toEqual([]);
  expect(Object.keys(done).length).toBeGreaterThan(10);
  expect(await verifyLog(bench.owner)).toMatchObject({ broken: [], differences: [] });
});

const WORKER_CANNOT: [what: string, sql: string][] = [
  ['edit an event', `update task_events set payload = '{}'`],
  ['edit what was typed', 'update task_events set personal = null'],
  ['delete an event', 'delete from task_events'],
  ['empty the log', 'truncate task_events'],
  ['empty it through tasks', 'truncate study_tasks cascade'],
  ['delete a task with its events', 'delete from study_tasks'],
  ['delete a path with all below it', 'delete from study_paths'],
  ['play replica', 'set session_replication_role = replica'],
  ['switch triggers off', 'alter table task_events disable trigger all'],
  [
    'make a trigger',
    'create trigger t before insert on task_events for each row execute function chain_task_event()',
  ],
  [
    'choose a hash',
    `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at, prev_hash, hash)
    select id, version + 1, 'started', '{}', '{}', now(), log_hash, log_hash from study_tasks limit 1`,
  ],
  [
    'append behind the version',
    `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
    select id, version + 1, 'started', '{}', '{}', now() from study_tasks limit 1`,
  ],
  [
    'append again',
    `insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
    select id, version, 'started', '{}', '{}', now() from study_tasks limit 1`,
  ],
  [
    'move a task without an event',
    `update study_tasks set version = version + 1
    where id = (select id from study_tasks limit 1)`,
  ],
  ['note a head', 'update study_tasks set log_seq = 1'],
  [
    'add a task without an event',
    `insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at)
    select path_id, 'x', 'heaps', 1, now(), now() from study_tasks limit 1`,
  ],
  ['edit a path event', `update path_events set payload = '{}'`],
  ['delete a learner event', 'delete from learner_events'],
  ['delete a tombstone', 'delete from erasures'],
  ['become the owner', 'set role study_paths_owner'],
];

test.each(WORKER_CANNOT)("the Worker's role cannot %s", async (_what, sql) => {
  const address = new URL(bench.postgresUrl);
  const { username, password } = new URL(bench.workerUrl);
  address.username = username;
  address.password = password;
  const worker = new pg.Client({ connectionString: address.href });
  await worker.connect();
  try {
    await worker.query(`set study_paths.log_change = 'allowed'`);
    await expect(worker.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|23514|23505)$/),
    });
  } finally {
    await worker.end();
  }
  expect(await verifyLog(bench.owner, { sample: 3 })).toMatchObject({ broken: [], differences: [] });
});

test('nor can the owner by mistake, also as a replica', async () => {
  for (const sql of [
    `update task_events set payload = '{}'`,
    'delete from task_events',
    'truncate task_events cascade',
  ]) {
    await expect(bench.owner.query(`set session_replication_role = replica; ${sql}`)).rejects.toThrow(
      'append-only',
    );
    await bench.owner.query('set session_replication_role = default');
  }
  const opened = `set study_paths.log_change = 'allowed'; update task_events set payload = '{}'`;
  await expect(bench.owner.query(opened)).rejects.toThrow('has happened');
  await bench.owner.query('reset study_paths.log_change');
});

test('what is typed is not in the hashed payload, and is where the contract says', async () => {
  const rows = await bench.rows(
    `select event_type, payload, personal from task_events where personal is not null`,
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const { event_type, payload, personal } of rows) {
    const key = PERSONAL_KEYS[event_type as keyof typeof PERSONAL_KEYS];
    expect(Object.keys(personal as object).toSorted()).toEqual([key, 'salt'].toSorted());
    expect(payload).not.toHaveProperty(key);
    expect(payload).toHaveProperty('personal_sha256');
  }
});

/** RFC 8785 by its own words, for values that JSON.parse made. */
function scheme(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scheme).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const units = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const compare = (a: number[], b: number[]): number => {
    const at = a.findIndex((unit, index) => unit !== b[index]);
    return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
  };
  const keys = Object.keys(value).toSorted((a, b) => compare(units(a), units(b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${scheme((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

test('the canonical form is that of RFC 8785, here and in the database, for whatever JSON.stringify writes', async () => {
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '\u{FFFF}a',
        '\u{10FFFF}',
        '\u{10FFFF}\u0001',
        '\u{E000}',
        '\u{1F600}',
        'é',
        '\u007f\u001f"\\',
      ),
    },
  );
  const words = unit.map((text) => text.replaceAll('\0', ''));
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(
      1e21,
      1e-7,
      123456789012345680000,
      5e-324,
      1.7976931348623157e308,
      2 ** -44,
      2 ** 53 + 2,
      -0,
    ),
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      words,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(words, tie('json'), { maxKeys: 5 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 40 }), async (values) => {
      const texts = values.map((value) => JSON.stringify(value));
      const { rows } = await bench.owner.query<{ stored: string; canonical: string }>(
        `select v::jsonb::text as stored, canonical_json(v::jsonb) as canonical
         from unnest($1::text[]) with ordinality as x(v, n) order by n`,
        [texts],
      );
      const wanted = texts.map((text) => scheme(JSON.parse(text)));
      expect(rows.map(({ canonical }) => canonical)).toEqual(wanted);
      expect(rows.map(({ stored }) => canonicalJson(stored))).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});

test('a number with more digits than a double has is refused by the log', async () => {
  await expect(bench.owner.query(`select canonical_json('0.123456789012345678')`)).rejects.toThrow(
    'more digits',
  );
  await expect(bench.owner.query(`select canonical_json('1e400')`)).rejects.toThrow('out of range');
});

// Last, as what is before it looks at rows of the log.
test('with its old events archived the log tells the same, and the archive cannot be meddled with unseen', async () => {
  const bucket = memoryBucket();
  const parts = { db: bench.db, bucket, newId: randomUUID, months: 12, now: '2028-02-01T00:00:00.000Z' };
  const log = { info() {}, warn() {}, error() {} };
  const before = await verifyLog(bench.owner);
  const { objects, events } = await archiveOldEvents({ ...parts, log });
  expect(objects).toBeGreaterThan(1);
  expect(await bench.rows('select 1 from task_events')).toEqual([]);
  expect(events).toBeGreaterThan(200);
  await expect(verifyLog(bench.owner)).rejects.toThrow('--archive');
  const archive = { read: (key: string) => bucket.get(key) };
  expect(await verifyLog(bench.owner, { archive })).toEqual(before);

  const pairs = await pastAndPresent(bench, 40, 21, async () => {
    await archiveOldEvents({ ...parts, log });
    return bucket;
  });
  for (const { was, told } of pairs) expect(told).toEqual(was);
  await rebuildLog(bench.owner, 'from_archive', undefined, archive);
  expect(new Set(Object.values(await compareRebuilt(bench.owner, 'from_archive')))).toEqual(new Set([0]));

  const [key = ''] = await bucket.keys();
  await bucket.put(key, new Uint8Array([1, 2, 3]));
  const { broken, differences } = await verifyLog(bench.owner, { archive });
  expect(broken).toContainEqual({ stream: `archive:${key}`, seq: 0, what: 'was altered' });
  expect(broken.filter(({ what }) => what === 'is missing').length).toBeGreaterThan(0);
  expect(differences).toEqual([]);
});
