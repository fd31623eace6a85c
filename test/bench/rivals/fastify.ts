import { createHash, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import pg from 'pg';
import { ListTasks } from '#contract/history.ts';
import { OfTrack } from '#contract/paths.ts';
import { IdParams } from '#contract/text.ts';
import { createJwks } from '#worker/auth/jwks.ts';
import { createTokenVerifier } from '#worker/auth/token.ts';
import { globalFetcher } from '#worker/clients/http.ts';
import { createProblemBank } from '#worker/clients/problem-bank.ts';
import type { Context } from '#worker/context.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { createPseudonyms } from '#worker/crypto/pseudonym.ts';
import type { Database } from '#worker/db/client.ts';
import { parseEnv } from '#worker/env.ts';
import { listHistory } from '#worker/history/list.ts';
import { matchesNone, versionOfTag } from '#worker/http/etag.ts';
import { nextLink } from '#worker/http/next-link.ts';
import { toAppError } from '#worker/http/problem.ts';
import { showProgress } from '#worker/progress/show.ts';
import { pickNext, start } from '#worker/tasks/verbs.ts';

/**
 * The rival: the same answers, header for header, by Fastify on Node beside its database, over a pool of connections
 * with named statements. Tokens, statements, rules and the problem bank's copies are the product's own, so that what is
 * compared is where it runs and what carries it.
 */
type Settings = {
  databaseUrl: string;
  connections: number;
  named: boolean;
  vars: Readonly<Record<string, string>>;
};

const { databaseUrl, connections, named, vars } = JSON.parse(process.argv[2] ?? '') as Settings;
const env = parseEnv(vars);
if (!env.ok) throw new Error(JSON.stringify(env.problems));
const { config } = env;

const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
type Trips = { count: number; ms: number };

function countedDatabase(trips: Trips): Database {
  return {
    async query(statement, params) {
      const started = Date.now();
      const { rows } = await pool.query({
        ...(named ? { name: statement.name } : {}),
        text: statement.text,
        values: statement.bind(params),
      });
      trips.count += 1;
      trips.ms += Date.now() - started;
      return rows;
    },
    async transact({ name }) {
      throw new Error(`${name}: the rival only reads`);
    },
  };
}

const services = {
  config,
  problemBank: createProblemBank({
    fetcher: globalFetcher,
    url: config.PROBLEM_BANK_URL,
    apiKey: config.PROBLEM_BANK_API_KEY,
  }),
  cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
};
const verifier = createTokenVerifier({
  issuer: config.JWT_ISSUER,
  audience: config.JWT_AUDIENCE,
  keys: createJwks({ url: config.JWKS_URL }),
});
const pseudonym = createPseudonyms(config.CURSOR_SIGNING_KEY);
const silent = { info: () => {}, warn: () => {}, error: () => {} };

type State = { learnerId: string; trips: Trips; startedAt: number };
const states = new WeakMap<FastifyRequest, State>();

function stateOf(request: FastifyRequest): State {
  const state = states.get(request);
  if (state === undefined) throw new Error('a route outside of the token check');
  return state;
}

/** The verbs asked here take no more of a context than this. */
function contextOf(request: FastifyRequest): Context {
  const { trips } = stateOf(request);
  return {
    ...services,
    db: countedDatabase(trips),
    actor: { type: 'learner' },
    requestId: request.id,
    now: new Date().toISOString(),
    newId: randomUUID,
    background: () => {},
    log: silent,
  } as unknown as Context;
}

const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  vary: 'Origin, Authorization',
  'content-type': 'application/json',
};

function tagged(request: FastifyRequest, reply: FastifyReply, body: string): string | null {
  const hash = createHash('sha256').update(body).digest().subarray(0, 16).toString('base64url');
  const version = versionOfTag(String(reply.getHeader('etag') ?? ''));
  const tag = `"${version === null ? '' : `${version}-`}${hash}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (!matchesNone(request.headers['if-none-match'], tag)) return body;
  reply.code(304);
  return null;
}

const app = fastify({ genReqId: () => randomUUID(), logger: false });

app.addHook('onRequest', async (request) => {
  if (!request.url.startsWith('/v1/')) return;
  const startedAt = Date.now();
  const [scheme = '', ...rest] = (request.headers.authorization ?? '').split(' ');
  const { learnerId } = await verifier.verify(scheme.toLowerCase() === 'bearer' ? rest.join(' ') : '');
  states.set(request, { learnerId, trips: { count: 0, ms: 0 }, startedAt });
});

app.addHook<string>('onSend', async (request, reply, body) => {
  const state = states.get(request);
  if (state === undefined) return body;
  const { count, ms } = state.trips;
  reply
    .headers(HEADERS)
    .header('x-request-id', request.id)
    .header(
      'server-timing',
      `total;dur=${Date.now() - state.startedAt}, db;dur=${ms};desc="${count} round trips"`,
    );
  if (request.method === 'GET' && reply.statusCode === 200) return tagged(request, reply, body);
  reply.header('cache-control', 'private, no-store');
  return body;
});

app.addHook('onResponse', async (request, reply) => {
  const state = states.get(request);
  if (state === undefined) return;
  const line = {
    level: 'info',
    event: 'request',
    request_id: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    ms: Date.now() - state.startedAt,
    round_trips: state.trips.count,
    db_ms: state.trips.ms,
    learner: await pseudonym(state.learnerId),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
});

app.setErrorHandler((error, _request, reply) => {
  const { code, cause } = toAppError(error);
  return reply.code(500).send({ code, cause: String(cause) });
});

app.get('/healthz', async () => ({ status: 'ok' }));

app.get('/v1/study-tasks/next', async (request, reply) => {
  const { track_id = null } = OfTrack.parse(request.query);
  const next = await pickNext(contextOf(request), stateOf(request).learnerId, track_id);
  if (next === null) return reply.code(204).send();
  return reply.header('etag', `"${next.task.version}"`).send(next);
});

app.get('/v1/study-tasks', async (request, reply) => {
  const page = await listHistory(
    contextOf(request),
    stateOf(request).learnerId,
    ListTasks.parse(request.query),
  );
  const { origin } = new URL(config.JWKS_URL);
  return reply
    .headers({ ...nextLink(`${origin}${request.url}`, page.next_cursor), 'content-type': 'application/json' })
    .send(page.text);
});

app.get('/v1/study-paths/:id/progress', async (request) =>
  showProgress(contextOf(request), stateOf(request).learnerId, IdParams.parse(request.params).id),
);

app.post('/v1/study-tasks/:id/start', async (request, reply) => {
  const { id } = IdParams.parse(request.params);
  const task = await start(contextOf(request), stateOf(request).learnerId, id, null);
  return reply.header('etag', `"${task.version}"`).send({ task });
});

await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.((app.server.address() as AddressInfo).port);
// Whoever started this server is gone.
process.on('disconnect', () => process.exit());
