import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningDatabase } from '#services/neon/index.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

let database: RunningDatabase;
let post: ReturnType<typeof sqlOverHttp>;
beforeAll(async () => {
  database = await startTestDatabase();
  post = sqlOverHttp(database);
});
afterAll(() => database?.close());

const RAW = { 'neon-raw-text-output': 'true', 'neon-array-mode': 'true' };
const MIB = 1024 * 1024;

test('raw text in array mode is what the driver asks for', async () => {
  const { status, headers, answer } = await post(
    { query: "select 7 as a, true as b, null as c, '{1,2}'::int[] as d" },
    RAW,
  );
  expect(status).toBe(200);
  expect(answer).toMatchObject({
    rowAsArray: true,
    rows: [['7', 't', null, '{1,2}']],
    command: 'SELECT',
    rowCount: 1,
  });
  expect(answer.fields?.map(({ name, dataTypeID, format }) => [name, dataTypeID, format])).toEqual([
    ['a', 23, 'text'],
    ['b', 16, 'text'],
    ['c', 25, 'text'],
    ['d', 1007, 'text'],
  ]);
  expect(headers.get('neon-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('without raw text numbers, booleans, json and arrays become JSON; the rest stays text', async () => {
  await post({ query: "create type mood as enum ('sad', 'glad')" });
  const { answer } = await post({
    query: `select 1::int2 as small, 2 as int, 9007199254740993 as big, 1.5::float8 as float, 'NaN'::float8 as nan,
      1.10::numeric as exact, false as no, '{"a":[1]}'::jsonb as doc, '{{1,2},{3,null}}'::int[] as grid,
      array['a"b', null, 'c,d'] as words, array['glad']::mood[] as moods, '{t,f}'::bool[] as flags, '{1,2}' as plain`,
  });
  expect(answer.rows).toEqual([
    {
      small: 1,
      int: 2,
      big: '9007199254740993',
      float: 1.5,
      nan: 'NaN',
      exact: '1.10',
      no: false,
      doc: { a: [1] },
      grid: [
        [1, 2],
        [3, null],
      ],
      words: ['a"b', null, 'c,d'],
      moods: ['glad'],
      flags: [true, false],
      plain: '{1,2}',
    },
  ]);
});

test('parameters of every JSON type arrive as text', async () => {
  const { answer } = await post(
    {
      query: 'select $1 as a, $2 as b, $3 as c, $4 as d, $5 as e, $6 as f',
      params: [null, true, 4.5, 'say "hi"', { k: [1] }, ['x"y', null, 3, ['z']]],
    },
    RAW,
  );
  expect(answer.rows).toEqual([[null, 'true', '4.5', 'say "hi"', '{"k":[1]}', '{"x\\"y",NULL,3,{"z"}}']]);
  const { answer: roundTrip } = await post({
    query: 'select $1::text[] as words, $2::jsonb[] as docs',
    params: [['a"b', 'c,d'], [{ a: 1 }]],
  });
  expect(roundTrip.rows).toEqual([{ words: ['a"b', 'c,d'], docs: [{ a: 1 }] }]);
});

test('arrayMode of a query wins over the header', async () => {
  const queries = [
    { query: 'select 1 as a', arrayMode: true },
    { query: 'select 1 as a', arrayMode: false },
    { query: 'select 1 as a' },
  ];
  const { answer } = await post({ queries }, { 'neon-array-mode': 'true' });
  expect(answer.results?.map(({ rowAsArray, rows }) => [rowAsArray, rows])).toEqual([
    [true, [[1]]],
    [false, [{ a: 1 }]],
    [true, [[1]]],
  ]);
});

test('command and rowCount follow the command tag', async () => {
  const created = await post({ query: 'create table tags (id serial primary key, v int)' });
  expect(created.answer).toMatchObject({ command: 'CREATE', rowCount: null, rows: [] });
  const inserted = await post({ query: 'insert into tags (v) values (1), (2) returning id' });
  expect(inserted.answer).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [{ id: 1 }, { id: 2 }] });
});

test('a query holds one statement', async () => {
  const { status, answer } = await post({ query: 'select 1; select 2' });
  expect([status, answer.code]).toEqual([400, '42601']);
});

test('a database error carries every field, null where it has none', async () => {
  await post({ query: 'create table uniq (id int constraint uniq_key primary key)' });
  await post({ query: 'insert into uniq values (1)' });
  const { status, answer } = await post({ query: 'insert into uniq values (1)' });
  expect(status).toBe(400);
  expect(answer).toMatchObject({ code: '23505', severity: 'ERROR', constraint: 'uniq_key' });
  const response = await fetch(database.fetchEndpoint, {
    method: 'POST',
    headers: { 'neon-connection-string': database.connectionString },
    body: JSON.stringify({ query: 'select nosuch' }),
  });
  expect(await response.json()).toEqual({
    message: 'column "nosuch" does not exist',
    code: '42703',
    severity: 'ERROR',
    detail: null,
    hint: null,
    position: '8',
    internalPosition: null,
    internalQuery: null,
    where: null,
    table: null,
    column: null,
    schema: null,
    dataType: null,
    constraint: null,
    file: 'parse_relation.c',
    line: expect.stringMatching(/^\d+$/),
    routine: 'errorMissingColumn',
  });
});

test('a batch takes isolation level, read only and deferrable from the headers and echoes them', async () => {
  const { headers, answer } = await post(
    {
      queries: [
        {
          query: `select current_setting('transaction_isolation') as level,
            current_setting('transaction_read_only') as ro, current_setting('transaction_deferrable') as df`,
        },
      ],
    },
    {
      'neon-batch-isolation-level': 'Serializable',
      'neon-batch-read-only': 'true',
      'neon-batch-deferrable': 'true',
    },
  );
  expect(answer.results?.[0]?.rows).toEqual([{ level: 'serializable', ro: 'on', df: 'on' }]);
  expect(headers.get('neon-batch-isolation-level')).toBe('Serializable');
  expect(headers.get('neon-batch-read-only')).toBe('true');
  expect(headers.get('neon-batch-deferrable')).toBe('true');
});

test.each(['RepeatableRead', 'ReadCommitted', 'ReadUncommitted'])('isolation level %s', async (level) => {
  const { answer } = await post(
    { queries: [{ query: 'show transaction_isolation' }] },
    { 'neon-batch-isolation-level': level },
  );
  const [row] = answer.results?.[0]?.rows ?? [];
  expect(row).toEqual({
    transaction_isolation: level.replace(/(?<=.)[A-Z]/, (letter) => ` ${letter}`).toLowerCase(),
  });
});

test('an unknown isolation level is refused, for a single query too', async () => {
  const { status, answer } = await post({ query: 'select 1' }, { 'neon-batch-isolation-level': 'Nope' });
  expect([status, answer.message, answer.code]).toEqual([400, 'invalid isolation level', '']);
});

test.each([
  ['{bad', 'could not parse the HTTP request body'],
  ['{"nope":1}', 'did not match any variant'],
  ['{"query":5}', 'did not match any variant'],
  ['{"query":"select 1","params":"x"}', 'did not match any variant'],
  ['null', 'did not match any variant'],
])('body %s is refused', async (body, message) => {
  const { status, answer } = await post(body);
  expect(status).toBe(400);
  expect(answer.message).toContain(message);
});

test.each([
  [
    'postgres://postgres:password@ep-cool-name.eu-central-1.aws.neon.tech/main',
    'password authentication failed',
  ],
  ['postgres://postgres:wrong@localhost/main', "password authentication failed for user 'postgres'"],
  ['postgres://nobody:password@localhost/main', "password authentication failed for user 'nobody'"],
  ['mysql://postgres:password@localhost/main', 'incorrect scheme'],
  ['postgres://localhost/main', 'missing username'],
  ['postgres://postgres@localhost/main', 'missing authentication credentials'],
  ['no url', 'invalid connection string'],
])('connection string %s is refused', async (connectionString, message) => {
  const { status, answer } = await post(
    { query: 'select 1' },
    { 'neon-connection-string': connectionString },
  );
  expect(status).toBe(400);
  expect(answer.message).toContain(message);
});

test.each(['localhost', '127.0.0.1', 'ep-local.neon.tech'])('host %s is served', async (host) => {
  const address = new URL(`${database.connectionString}?sslmode=require`);
  address.hostname = host;
  const { status } = await post({ query: 'select 1' }, { 'neon-connection-string': address.href });
  expect(status).toBe(200);
});

test('a database that does not exist is named', async () => {
  const address = new URL(database.connectionString);
  address.pathname = '/nowhere';
  const { status, answer } = await post({ query: 'select 1' }, { 'neon-connection-string': address.href });
  expect(status).toBe(400);
  expect(answer.message).toContain('database "nowhere" does not exist');
});

test('a superuser, and who may become one or reach the host, is refused before any SQL', async () => {
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  try {
    await admin.query(`create role deputy login password 'deputy'; grant postgres to deputy`);
    await admin.query(
      `create role runner login password 'runner'; grant pg_execute_server_program to runner`,
    );
    const { username, password } = new URL(database.adminUrl);
    for (const [user, secret] of [
      [username, password],
      ['deputy', 'deputy'],
      ['runner', 'runner'],
    ]) {
      const { status, answer } = await post(
        { query: 'create table written (v int)' },
        { 'neon-connection-string': `postgresql://${user}:${secret}@localhost/main` },
      );
      expect(status).toBe(403);
      expect(answer.message).toContain('use the PostgreSQL port');
    }
    const { rows } = await admin.query(`select to_regclass('written') as name`);
    expect(rows).toEqual([{ name: null }]);
  } finally {
    await admin.end();
  }
});

test.each([
  "copy (select 1) to program 'true'",
  "copy pg_class from program 'true'",
  "select pg_read_file('/etc/passwd')",
  "select lo_import('/etc/passwd')",
  'create role helper superuser',
  'alter role current_user superuser',
  'grant pg_execute_server_program to current_user',
  'set session authorization postgres',
  'set role postgres',
  "alter system set archive_command = 'true'",
])('the owner of the tables cannot leave the database by: %s', async (query) => {
  const { status, answer } = await post({ query });
  expect(status).toBe(400);
  expect(answer.code).toBe('42501');
});

test('no connection string, or a bearer token beside it, is refused', async () => {
  const missing = await fetch(database.fetchEndpoint, { method: 'POST', body: '{"query":"select 1"}' });
  expect(missing.status).toBe(400);
  const { status } = await post({ query: 'select 1' }, { authorization: 'Bearer x' });
  expect(status).toBe(400);
});

test('a request of 10 MiB passes, a larger one answers 413, announced or not', async () => {
  const frame = JSON.stringify({ query: 'select length($1) as n', params: [''] }).length;
  const fits = await post({ query: 'select length($1) as n', params: ['x'.repeat(10 * MIB - frame)] });
  expect(fits.answer.rows).toEqual([{ n: 10 * MIB - frame }]);
  const announced = await post({ query: 'select $1', params: ['x'.repeat(10 * MIB)] });
  expect([announced.status, announced.answer.message]).toEqual([
    413,
    `request is too large (max is ${10 * MIB} bytes)`,
  ]);
  const chunk = new TextEncoder().encode('x'.repeat(MIB));
  let left = 12;
  const streamed = await fetch(database.fetchEndpoint, {
    method: 'POST',
    headers: { 'neon-connection-string': database.connectionString },
    body: new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    }),
    duplex: 'half',
  });
  expect(streamed.status).toBe(413);
});

test('an answer over 10 MiB is 507 and undoes its batch', async () => {
  const { status, answer } = await post({ query: "select repeat('x', 10485761)" });
  expect([status, answer.message]).toEqual([507, `response is too large (max is ${10 * MIB} bytes)`]);
  const batch = await post({
    queries: [{ query: 'create table too_large (v int)' }, { query: "select repeat('ü', 5242881)" }],
  });
  expect(batch.status).toBe(507);
  const after = await post({ query: "select to_regclass('too_large') as t" });
  expect(after.answer.rows).toEqual([{ t: null }]);
});

test('anything else is no query', async () => {
  for (const [method, path] of [
    ['OPTIONS', '/sql'],
    ['GET', '/sql'],
    ['POST', '/other'],
  ] as const) {
    const response = await fetch(`${database.url}${path}`, { method });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: 'query is not supported', code: '' });
  }
});
