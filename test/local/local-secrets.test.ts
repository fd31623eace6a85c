import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSecrets } from '#cli/secrets.ts';
import { randomPasswords, startDatabase, startPostgres } from '#services/neon/index.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'study-paths-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The same server with the words that every earlier version had. */
function withPassword(url: string, password: string): string {
  const address = new URL(url);
  address.password = password;
  return address.href;
}

test('each checkout has secrets of its own, for its owner alone', () => {
  const [one, other] = [path.join(folder, 'one'), path.join(folder, 'other')];
  const secrets = readSecrets(one);
  expect(readSecrets(one)).toEqual(secrets);
  expect(new Set(Object.values({ ...secrets, ...readSecrets(other) })).size).toBe(
    Object.keys(secrets).length,
  );
  for (const secret of Object.values({ ...secrets, a: readSecrets(other).adminPassword }))
    expect(secret.length).toBeGreaterThanOrEqual(32);
  const file = path.join(one, 'secrets.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  readSecrets(one);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file of an earlier version keeps its keys and gets those that it lacks', () => {
  const home = path.join(folder, 'earlier');
  readSecrets(home);
  const file = path.join(home, 'secrets.json');
  writeFileSync(file, JSON.stringify({ codeKey: 'k1:kept', workerPassword: 'kept' }));
  expect(readSecrets(home)).toMatchObject({ codeKey: 'k1:kept', workerPassword: 'kept' });
  expect(readSecrets(home)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, 'no secrets');
  expect(() => readSecrets(home)).toThrow('secrets.json');
});

test('a cluster of before, whose superuser everybody knew, gets new passwords and an owner, and keeps its data', async () => {
  const dataDir = path.join(folder, 'cluster');
  const before = await startPostgres({
    dataDir,
    durable: false,
    passwords: { admin: 'password', owner: 'x' },
  });
  await query(
    before.adminUrl,
    `create table kept as select 1 as v; create function f() returns int language sql return 1;
    create type mood as enum ('glad'); create view seen as select * from kept; create schema drizzle;
    create table drizzle.journal (id serial primary key)`,
  );
  await before.close();
  rmSync(path.join(dataDir, 'admin-password.sha256'));

  const passwords = randomPasswords();
  const database = await startDatabase({ dataDir, durable: false, passwords });
  try {
    await expect(query(withPassword(database.adminUrl, 'password'), 'select 1')).rejects.toThrow('password');
    await expect(query(withPassword(database.postgresUrl, 'x'), 'select 1')).rejects.toThrow('password');
    const { status, answer } = await sqlOverHttp(database)({
      query: `select (select v from kept) as v, array(select distinct pg_get_userbyid(owner)::text from (
        select relowner as owner from pg_class where relnamespace in ('public'::regnamespace, 'drizzle'::regnamespace)
        union all select proowner from pg_proc where pronamespace = 'public'::regnamespace
        union all select typowner from pg_type where typnamespace = 'public'::regnamespace
        union all select nspowner from pg_namespace where nspname = 'drizzle') all_owners) as owners`,
    });
    expect(status).toBe(200);
    expect(answer.rows).toEqual([{ v: 1, owners: ['study_paths_owner'] }]);
    expect((await sqlOverHttp(database)({ query: 'drop table kept cascade' })).status).toBe(200);
  } finally {
    await database.close();
  }
});

test('the address of a superuser elsewhere becomes that of the owner of the tables', async () => {
  const dataDir = path.join(folder, 'elsewhere');
  const postgres = await startPostgres({ dataDir, durable: false });
  const passwords = randomPasswords();
  const database = await startDatabase({ dataDir: 'unused', databaseUrl: postgres.adminUrl, passwords });
  try {
    const { answer } = await sqlOverHttp(database)({ query: 'select current_user::text as role' });
    expect(answer.rows).toEqual([{ role: 'study_paths_owner' }]);
  } finally {
    await database.close();
    await postgres.close();
  }
});
