import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { requireControlKey } from '../common/control-key.ts';
import { createLocalServer } from '../common/guard.ts';
import { createRequestLog } from '../common/request-log.ts';
import type { RunningService } from '../common/service.ts';
import { createLatency, createRoundTrips } from './controls.ts';
import { execute } from './execute.ts';
import { describeError, HttpError } from './http-error.ts';
import { createPools } from './pools.ts';
import { createSqlFaults, play } from './sql-faults.ts';
import { readBody, readOptions, readQueries } from './sql-request.ts';

export type NeonOptions = {
  /** `0` (the default) takes any free one. */
  port?: number;
  /** Any PostgreSQL. Callers log in as themselves; superusers are refused. */
  databaseUrl: string;
  /** Added to every call; `PUT /__local/latency` changes it. */
  latencyMs?: number;
  /** Connections per user and database (Neon keeps 20 idle ones per endpoint). */
  poolSize?: number;
  /** Hosts accepted in connection strings. */
  hosts?: readonly string[];
  /** What opens `/__local/*`; without one every program of this machine may use it. */
  controlKey?: string | undefined;
};

export type RunningNeon = RunningService & { fetchEndpoint: string; connectionString: string };

const HOSTS = ['localhost', '127.0.0.1', 'ep-local.neon.tech'] as const;
const KEEP_ALIVE_MS = 65_000;

function send(res: ServerResponse, status: number, body: string, extra: Record<string, string> = {}): void {
  if (res.headersSent || res.destroyed) return;
  const headers = { 'content-type': 'application/json', 'neon-request-id': randomUUID(), ...extra };
  res.writeHead(status, headers).end(body);
}

/** What the Worker gets as DATABASE_URL: role and database of the real one, at a host that only exists here. */
function localConnectionString(databaseUrl: string): string {
  const { username, password, pathname } = new URL(databaseUrl);
  return `postgresql://${username || 'postgres'}:${password || 'password'}@localhost${pathname}`;
}

/**
 * Starts Neon's SQL over HTTP (`POST /sql`) in front of a PostgreSQL, on the loopback interface. On node:http and
 * not on the router of the other services: every request of the Worker passes here, and a caller that goes away must
 * cancel its statement. Neon allows browsers of any origin, this allows none. Under `/__local/*`: requests, faults,
 * latency, round-trips.
 * @throws Error whose message names the port when that is taken.
 */
export async function startNeon({
  port = 0,
  databaseUrl,
  latencyMs = 0,
  poolSize = 20,
  hosts = HOSTS,
  controlKey,
}: NeonOptions): Promise<RunningNeon> {
  const pools = createPools(databaseUrl, hosts, poolSize);
  const log = createRequestLog();
  const faults = createSqlFaults();
  const latency = createLatency(latencyMs);
  const roundTrips = createRoundTrips();
  const controls = new Hono().basePath('/__local').use('*', requireControlKey(controlKey));
  for (const { routes } of [log, faults, latency, roundTrips]) controls.route('/', routes);
  const control = getRequestListener(controls.fetch);

  async function answerSql(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const body = await readBody(req);
    const requestId = req.headers['x-request-id']?.toString() ?? null;
    log.record({
      method: 'POST',
      path: '/sql',
      request_id: requestId,
      authorized: req.headers['neon-connection-string'] !== undefined,
      body,
    });
    const { batch, queries } = readQueries(body);
    if (requestId !== null) roundTrips.count(requestId, queries.length);

    const fault = faults.strike({ path: '/sql', method: 'POST', queries: queries.map((q) => q.query) });
    if (fault !== undefined && !(await play(fault, req, res))) return;
    const added = latency.now();
    if (added > 0) await sleep(added);
    const options = readOptions(req.headers);
    const text = await execute(pools, { batch, queries, options, signal: gone.signal });
    if (fault?.kind === 'after-commit') {
      if (fault.status === undefined) req.socket.destroy();
      else send(res, fault.status, '{"message":"fault switched on","code":""}');
      return;
    }
    send(res, 200, text, batch ? options.echo : {});
  }

  function fail(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const { status, body } = describeError(error);
    send(res, status, JSON.stringify(body), status === 413 ? { connection: 'close' } : {});
    req.resume(); // a caller still sending must be able to read this answer
  }

  const server = createLocalServer((req, res) => {
    const path = (req.url ?? '').split('?', 1)[0] ?? '';
    if (path.startsWith('/__local/')) void control(req, res);
    else if (path === '/sql' && req.method === 'POST')
      answerSql(req, res).catch((error: unknown) => fail(req, res, error));
    else fail(req, res, new HttpError(400, 'query is not supported'));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`neon: port ${port} is taken`) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${bound}`;
  return {
    name: 'neon',
    port: bound,
    url,
    fetchEndpoint: `${url}/sql`,
    connectionString: localConnectionString(databaseUrl),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await pools.close();
    },
  };
}
