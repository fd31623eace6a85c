import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as schema from '#worker/db/schema/index.ts';
import { startMigratedDatabase, startTestDatabase } from '../support/postgres.ts';

/** What drizzle-kit knows of a schema: columns, constraints, indexes and sequences. */
const KNOWN = `
  select 'column ' || attrelid::regclass || '.' || attname as name, concat_ws(' ', format_type(atttypid, atttypmod),
    case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid)) as definition
  from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attnum > 0 and not attisdropped and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  union all
  select 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace and contype <> 't'
  union all
  select 'index ' || indexname, indexdef from pg_indexes where schemaname = 'public'
  union all
  select 'sequence ' || sequencename, concat_ws(' ', data_type, start_value, min_value, max_value, increment_by, cycle, cache_size)
  from pg_sequences where schemaname = 'public'
  order by 1`;

const closers: (() => Promise<unknown>)[] = [];
let migrated: pg.Client;
let generated: pg.Client;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  return client;
}

beforeAll(async () => {
  const database = await startMigratedDatabase();
  closers.push(() => database.close());
  migrated = await connect(database.postgresUrl);
  const empty = await startTestDatabase();
  closers.push(() => empty.close());
  generated = await connect(empty.postgresUrl);
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

test('the migrations make the tables that the Worker compiles its statements against', async () => {
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
  for (const statement of statements) await generated.query(statement);
  const wanted = await generated.query<{ name: string; definition: string }>(KNOWN);
  expect(wanted.rows.length).toBeGreaterThan(200);
  expect((await migrated.query(KNOWN)).rows).toEqual(wanted.rows);
});
