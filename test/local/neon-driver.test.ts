import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { eq, sql as fragment } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-http';
import { bigint, integer, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningDatabase } from '#services/neon/index.ts';
import { startTestDatabase } from '../support/postgres.ts';

const items = pgTable('items', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  tags: text('tags').array().notNull(),
  marks: integer('marks').array(),
  doc: jsonb('doc'),
  size: bigint('size', { mode: 'bigint' }),
  price: numeric('price'),
  at: timestamp('at', { withTimezone: true }),
  version: integer('version').notNull().default(0),
});

let database: RunningDatabase;
let sql: ReturnType<typeof neon>;
beforeAll(async () => {
  database = await startTestDatabase();
  neonConfig.fetchEndpoint = database.fetchEndpoint;
  sql = neon(database.connectionString);
  await sql`create table items (id uuid primary key default gen_random_uuid(), name text not null unique,
    tags text[] not null, marks int[], doc jsonb, size bigint, price numeric, at timestamptz,
    version int not null default 0)`;
});
afterAll(() => database?.close());

function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => null,
    (error: unknown) => error,
  );
}

test('drizzle writes and reads every type of the product unchanged', async () => {
  const db = drizzle({ client: neon(database.connectionString) });
  const row = {
    name: 'types',
    tags: ['two-pointers', 'quote "x"', 'comma, brace }', ''],
    marks: [1, -2],
    doc: { nested: [{ ü: '☕' }, null, 1.5], top: 'level' },
    size: 9_007_199_254_740_993n,
    price: '0.10',
    at: new Date('2026-02-28T23:59:59.123Z'),
  };
  const [written] = await db.insert(items).values(row).returning();
  expect(written).toMatchObject(row);
  const [read] = await db.select().from(items).where(eq(items.name, 'types'));
  expect(read).toEqual(written);
});

test.each([[['a']], ['text'], [5], [{ a: null }], [null]])('jsonb keeps %j', async (value) => {
  const db = drizzle({ client: neon(database.connectionString) });
  const name = `json ${JSON.stringify(value)}`;
  const [row] = await db.insert(items).values({ name, tags: [], doc: value }).returning({ doc: items.doc });
  expect(row?.doc).toEqual(value);
});

test('a batch is one transaction: an error in it undoes tables and rows', async () => {
  const error = await failure(
    sql.transaction([
      sql`create table half (v int)`,
      sql`insert into items (name, tags) values ('half', '{}')`,
      sql`select 1 / 0`,
    ]),
  );
  expect(error).toBeInstanceOf(NeonDbError);
  expect(error).toMatchObject({ code: '22012', message: 'division by zero' });
  expect(
    await sql`select to_regclass('half') as t, (select count(*)::int from items where name = 'half') as n`,
  ).toEqual([{ t: null, n: 0 }]);
});

test('drizzle batch returns the result of each query in order', async () => {
  const db = drizzle({ client: neon(database.connectionString) });
  const [inserted, updated, rows] = await db.batch([
    db
      .insert(items)
      .values({ name: 'batch', tags: ['x'] })
      .returning({ name: items.name }),
    db
      .update(items)
      .set({ version: fragment`${items.version} + 1` })
      .where(eq(items.name, 'batch')),
    db.select({ version: items.version }).from(items).where(eq(items.name, 'batch')),
  ]);
  expect(inserted).toEqual([{ name: 'batch' }]);
  expect(updated.rowCount).toBe(1);
  expect(rows).toEqual([{ version: 1 }]);
});

test('a duplicate key names its constraint and detail', async () => {
  await sql`insert into items (name, tags) values ('twice', '{}')`;
  const error = await failure(sql`insert into items (name, tags) values ('twice', '{}')`);
  expect(error).toMatchObject({
    code: '23505',
    constraint: 'items_name_key',
    detail: 'Key (name)=(twice) already exists.',
    table: 'items',
    schema: 'public',
  });
});

test('of 16 writers that expect the same version one wins', async () => {
  const db = drizzle({ client: neon(database.connectionString) });
  const [row] = await db.insert(items).values({ name: 'race', tags: [] }).returning({ id: items.id });
  const bump = () =>
    db
      .update(items)
      .set({ version: fragment`${items.version} + 1` })
      .where(fragment`${items.id} = ${row?.id} and ${items.version} = 0`)
      .returning({ version: items.version });
  const results = await Promise.all(Array.from({ length: 16 }, bump));
  expect(results.filter((result) => result.length > 0)).toEqual([[{ version: 1 }]]);
});

test('a read-only batch refuses writes', async () => {
  const error = await failure(
    sql.transaction([sql`insert into items (name, tags) values ('ro', '{}')`], { readOnly: true }),
  );
  expect(error).toMatchObject({ code: '25006' });
});

test('serializable batches that cross each other fail with 40001', async () => {
  await sql`create table sums (id int primary key, v int not null)`;
  await sql`insert into sums values (1, 0), (2, 0)`;
  const cross = (id: number) =>
    sql.transaction(
      [
        sql`select sum(v) from sums`,
        sql`select pg_sleep(0.1)`,
        sql`update sums set v = v + 1 where id = ${id}`,
      ],
      { isolationLevel: 'Serializable' },
    );
  const codes = await Promise.all(
    [1, 2, 1, 2].map((id) =>
      cross(id).then(
        () => 'ok',
        (error: unknown) => (error instanceof NeonDbError ? error.code : String(error)),
      ),
    ),
  );
  expect(codes).toContain('ok');
  expect(codes).toContain('40001');
  expect(new Set(codes)).toEqual(new Set(['ok', '40001']));
});

test('set local ends with its batch', async () => {
  const error = await failure(
    sql.transaction([sql`set local statement_timeout = '50ms'`, sql`select pg_sleep(2)`]),
  );
  expect(error).toMatchObject({ code: '57014' });
  expect(await sql`show statement_timeout`).toEqual([{ statement_timeout: '0' }]);
});

test('an abort signal rejects the call with its reason as sourceError', async () => {
  const error =
    await failure(
      neon(database.connectionString, {
        fetchOptions: { signal: AbortSignal.timeout(100) },
      })`select pg_sleep(5)`,
    );
  expect(error).toBeInstanceOf(NeonDbError);
  expect(error).toMatchObject({ sourceError: { name: 'TimeoutError' } });
});

test('timestamps are in UTC and text sorts by code point', async () => {
  expect(
    await sql`select current_setting('timezone') as zone, upper('ärger') as upper,
      array(select w from unnest(array['b', 'B', 'ä', 'a']) w order by w) as words,
      pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
  ).toEqual([{ zone: 'UTC', upper: 'ÄRGER', words: ['B', 'a', 'b', 'ä'], encoding: 'UTF8' }]);
});
