import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ProblemPage } from '#contract/problem-bank.ts';
import { upstreamVars } from '#contract/services.ts';
import { startIssuer } from '#services/issuer/index.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { NO_QUOTAS } from '../support/no-quotas.ts';
import { startMigratedDatabase } from '../support/postgres.ts';
import { startProgram } from './processes.ts';
import { CONNECTIONS } from './worker-load.ts';
import { type Fresh, type Reader, seedFresh, seedReaders } from './worker-seed.ts';
import { PRODUCT, startWorkerd } from './workerd.ts';

const NAIVE = new URL('./rivals/naive.ts', import.meta.url).pathname;
const FLOOR = new URL('./rivals/floor.ts', import.meta.url).pathname;
const KEY = 'a-key-of-the-bench';
/** Below the tokens that a Worker remembers, and with no more problems than it keeps copies of. */
const READERS = 200;
const PROBLEMS = 40;

export type Stage = Awaited<ReturnType<typeof openStage>>;

type StageOptions = {
  /** Tasks that can be started. */
  fresh: number;
  named: boolean;
  /** Another checkout whose Worker runs beside this one's, on the same database. */
  before?: string | null;
};

/** A database with learners in it, and all servers that are compared, each in a process of its own. */
export async function openStage({ fresh, named, before = null }: StageOptions) {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const opened: { close(): Promise<void> }[] = [];
  async function keep<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const one = await starting;
    opened.push(one);
    return one;
  }
  async function close(): Promise<void> {
    for (const one of opened.toReversed()) await one.close();
    await rm(home, { recursive: true, force: true });
  }
  try {
    const database = await keep(startMigratedDatabase());
    const issuer = await keep(startIssuer({ keyFile: path.join(home, 'keys.json') }));
    const bank = await keep(startProblemBank({ apiKey: KEY }));
    const seeded = await seed(database.postgresUrl, bank.url, fresh);

    const { username, password } = new URL(database.workerUrl);
    const direct = Object.assign(new URL(database.postgresUrl), { username, password }).href;
    const pool = { databaseUrl: direct, connections: CONNECTIONS, named };
    const hop = await keep(startProgram(new URL('./rivals/sql-hop.ts', import.meta.url), pool));
    const vars = {
      ...NO_QUOTAS,
      DATABASE_URL: database.workerUrl,
      NEON_FETCH_ENDPOINT: `${hop.url}/sql`,
      JWT_ISSUER: 'api.scimigo.com',
      JWKS_URL: `${issuer.url}/.well-known/jwks.json`,
      ...upstreamVars(() => ({ url: bank.url, key: KEY })),
      CODE_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      CURSOR_SIGNING_KEY: randomBytes(48).toString('base64url'),
    };
    const worker = await keep(startWorkerd({ source: { entry: PRODUCT }, vars, slots: 'memory' }));
    const earlier = before === null ? null : path.resolve(before, 'src', 'worker', 'index.ts');
    const previous =
      earlier === null
        ? null
        : await keep(startWorkerd({ source: { entry: earlier }, vars, slots: 'memory' }));
    const fastify = await keep(
      startProgram(new URL('./rivals/fastify.ts', import.meta.url), { ...pool, vars }),
    );
    const naive = await keep(startWorkerd({ source: { entry: NAIVE }, vars }));
    const floor = await keep(
      startWorkerd({
        source: { entry: FLOOR },
        vars: { SQL: `${hop.url}/sql`, DATABASE_URL: database.workerUrl },
      }),
    );
    const tokens = new Map<string, string>();
    /** A token of that learner, the same each time. */
    async function tokenOf(learner: string): Promise<string> {
      const known = tokens.get(learner);
      if (known !== undefined) return known;
      const response = await fetch(`${issuer.url}/__local/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub: learner }),
      });
      const { token } = (await response.json()) as { token: string };
      tokens.set(learner, token);
      return token;
    }
    return {
      database,
      vars,
      worker,
      before: previous,
      fastify,
      naive,
      floor,
      hop,
      tokenOf,
      ...seeded,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function seed(postgresUrl: string, bankUrl: string, tasks: number) {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    const response = await fetch(`${bankUrl}/v1/problems?limit=${PROBLEMS}`);
    const { data: problems } = ProblemPage.parse(await response.json());
    const [first] = problems;
    if (first === undefined) throw new Error('the bank is empty');
    const readers: Reader[] = await seedReaders(client, READERS, problems);
    const fresh: Fresh[] = await seedFresh(client, tasks, first);
    await client.query('vacuum analyze');
    return { readers, fresh, problems };
  } finally {
    await client.end();
  }
}
