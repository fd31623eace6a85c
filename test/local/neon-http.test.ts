import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { neon, neonConfig } from '@neondatabase/serverless';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { RunningDatabase } from '#local/neon/index.ts';
import { classify } from '#worker/db/failures.ts';
import { createNeon, NeonError, READ, type Trouble } from '#worker/db/neon-http.ts';
import type * as statements from '#worker/db/statement.ts';
import { startMigratedDatabase } from '../support/postgres.ts';

const texts = vi.hoisted(() => new Map<string, string>());

vi.mock('#worker/db/statement.ts', async (original) => {
  const real = await original<typeof statements>();
  const statement: typeof real.statement = (name, effect, query) => {
    const made = real.statement<never, never>(name, effect, query);
    texts.set(name, made.text);
    return made;
  };
  return { ...real, statement };
});

let database: RunningDatabase;
let ask: ReturnType<typeof createNeon>;
beforeAll(async () => {
  database = await startMigratedDatabase();
  neonConfig.fetchEndpoint = database.fetchEndpoint;
  ask = createNeon(database.connectionString, database.fetchEndpoint);
});
afterAll(() => database?.close());
afterEach(() => {
  vi.unstubAllGlobals();
});

const soon = () => AbortSignal.timeout(10_000);

function ours(text: string, params: readonly unknown[] = [], send = ask, signal = soon()) {
  return send({ query: JSON.stringify(text), params, requestId: 'request-1', signal });
}

async function troubleOf(answer: Promise<unknown>): Promise<Trouble> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NeonError)) throw new Error(`no NeonError but ${error}`);
  return error.trouble;
}

const PARAMS = [
  'text',
  '',
  'quote " backslash \\ brace } comma , ü ☕',
  0,
  -1.5,
  true,
  false,
  null,
  ['a', '', 'b "c"', 'd\\e', 'f,g', '{h}', 'NULL', 'ü☕'],
  [1, -2, 3],
  [true, false],
  [null, 'x'],
  [],
] as const;

test('what goes out is what the driver sends, for every kind of parameter', async () => {
  const sent: { url: string; init: RequestInit }[] = [];
  const hear = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Response.json({ fields: [], rows: [] });
  };
  const url = 'postgresql://worker:p%40ss@ep-cool-name-123.eu-central-1.aws.neon.tech/main?sslmode=require';
  vi.stubGlobal('fetch', hear);
  await ours('select $1', PARAMS, createNeon(url));

  const { fetchEndpoint } = neonConfig;
  try {
    neonConfig.fetchEndpoint = (host) => `https://${host.replace(/^[^.]+\./, 'api.')}/sql`;
    await neon(url, { disableWarningInBrowsers: true }).query('select $1', [...PARAMS]);
  } finally {
    neonConfig.fetchEndpoint = fetchEndpoint;
  }
  const [mine, drivers] = sent.map(({ url: address, init: { method, headers, body } }) => ({
    address,
    method,
    body: JSON.parse(String(body)),
    headers: Object.fromEntries(new Headers(headers)),
  }));
  expect(mine?.headers['x-request-id']).toBe('request-1');
  delete mine?.headers['x-request-id'];
  // The driver adds its own name, which Neon does not read over HTTP.
  const named = new URL(drivers?.headers['neon-connection-string'] ?? '');
  named.searchParams.delete('application_name');
  expect(drivers?.headers['neon-connection-string']).toContain('application_name=');
  expect(mine).toEqual({
    ...drivers,
    headers: { ...drivers?.headers, 'neon-connection-string': named.href },
  });
});

test('rows are those of the driver, for every type that the Worker reads', async () => {
  const text = `select 1::smallint as i2, 2147483647 as i4, 9007199254740993::bigint as i8, 0.1::real as f4,
    1.5e300::double precision as f8, 'NaN'::double precision as nan, '-Infinity'::double precision as infinite,
    0.10::numeric as exact, true as yes, false as no, 'text ü☕' as text, 'v'::varchar as varying,
    '00000000-0000-0000-0000-000000000001'::uuid as id, '{"b": [1, null, "ü"], "a": 1.50}'::jsonb as doc,
    '{"b": [1, null], "a": 1.50}'::json as plain, 'null'::jsonb as nothing, null::jsonb as absent, null as void
    from generate_series(1, 2)`;
  expect(await ours(text)).toEqual(await neon(database.connectionString).query(text));
  expect(await ours('select 1 as one where false')).toEqual([]);
});

test('every list of texts arrives as it was', async () => {
  const word = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(word)), async (words) => {
      expect(await ours('select to_jsonb($1::text[]) as words', [words])).toEqual([{ words }]);
    }),
    { numRuns: 25 },
  );
});

test('a value that is neither text nor number nor boolean is a mistake of the caller', async () => {
  await expect(ours('select $1', [{ a: 1 }])).rejects.toThrow(TypeError);
  await expect(ours('select $1', [[['nested']]])).rejects.toThrow(TypeError);
});

/** Types of columns that come as text, here and from the driver. */
const TEXTS = new Set(['text', 'character varying', 'uuid', 'bigint', 'numeric']);

test('PostgreSQL takes every statement of the Worker, and each answers only types that are read', async () => {
  await import('#worker/compose.ts');
  expect(texts.size).toBeGreaterThan(60);
  const client = new pg.Client({ connectionString: database.postgresUrl });
  await client.connect();
  try {
    await client.query([...texts].map(([name, text]) => `prepare "${name}" as ${text}`).join(';\n'));
    const { rows } = await client.query<{ name: string; type: string; oid: number }>(
      `select name, t::text as type, t::oid::integer as oid from pg_prepared_statements, unnest(result_types) t`,
    );
    expect(rows.length).toBeGreaterThan(texts.size / 2);
    expect(rows.filter(({ type, oid }) => !READ.has(oid) && !TEXTS.has(type))).toEqual([]);
  } finally {
    await client.end();
  }
});

test('a refused statement tells its SQLSTATE and its constraint, as the driver does', async () => {
  expect(await troubleOf(ours('select 1 / 0'))).toEqual({
    kind: 'refused',
    sqlstate: '22012',
    constraint: null,
  });
  await ours('create table once (v integer constraint only_once unique)');
  const twice = 'insert into once values (1), (1)';
  const { code, constraint } = (await neon(database.connectionString)
    .query(twice)
    .catch((error: unknown) => error)) as { code: string; constraint?: string };
  expect({ code, constraint }).toEqual({ code: '23505', constraint: 'only_once' });
  expect(await troubleOf(ours(twice))).toEqual({ kind: 'refused', sqlstate: code, constraint });
  expect(classify(await troubleOf(ours('no sql at all')))).toMatchObject({
    kind: 'rejected',
    repeat: 'never',
  });
});

test('a wrong password is a refusal, and is not tried again', async () => {
  const wrong = Object.assign(new URL(database.connectionString), { password: 'wrong' }).href;
  const trouble = await troubleOf(ours('select 1', [], createNeon(wrong, database.fetchEndpoint)));
  expect(classify(trouble)).toMatchObject({ kind: 'rejected', repeat: 'never' });
});

test('a call that is cut off by its signal is a silence of the database', async () => {
  const trouble = await troubleOf(ours('select pg_sleep(20)', [], ask, AbortSignal.timeout(50)));
  expect(trouble).toEqual({ kind: 'silent' });
});

test.each([
  [500, 'Control plane request failed', { kind: 'unavailable', repeat: 'always' }],
  [502, 'Bad gateway', { kind: 'unavailable', repeat: 'safe' }],
  [413, 'too large', { kind: 'rejected', repeat: 'never' }],
  [507, 'too large', { kind: 'rejected', repeat: 'never' }],
  [400, 'no JSON', { kind: 'unavailable', repeat: 'safe' }],
  [400, '{"message":"unknown endpoint","code":""}', { kind: 'rejected', repeat: 'never' }],
  [200, '{"fields":[]}', { kind: 'unavailable', repeat: 'safe' }],
  [200, 'null', { kind: 'unavailable', repeat: 'safe' }],
] as const)('HTTP %i "%s" is sorted', async (status, text, expected) => {
  vi.stubGlobal('fetch', async () => new Response(text, { status }));
  expect(classify(await troubleOf(ours('select 1')))).toMatchObject(expected);
});

test('the password follows no redirect', async () => {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    res.writeHead(307, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const trouble = await troubleOf(
      ours('select 1', [], createNeon(database.connectionString, `http://127.0.0.1:${port}/sql`)),
    );
    expect(trouble).toMatchObject({ kind: 'failed', status: 307 });
    expect(asked).toEqual(['/sql']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
