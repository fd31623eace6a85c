import { mapUpstreams, SERVICES, type ServiceId, type Upstream } from '#contract/services.ts';
import { usableKeys } from './auth/jwk.ts';
import type { Fetcher } from './clients/http.ts';
import type { Connection, Connections } from './clients/upstreams.ts';
import { type createDatabase, StorageError } from './db/client.ts';
import type { SetupFault } from './db/failures.ts';
import { ping } from './db/ping.ts';
import type { Config } from './env.ts';
import type { RateLimits } from './http/rate-limit.ts';
import { readAtMost } from './http/read-at-most.ts';

/** What is wrong: the variable to look at, and a sentence for the operator. */
type Fault = { name: keyof Config; message: string };
export type Check = { ok: boolean; ms: number; fault?: Fault };
export type Report = { ready: boolean; checks: Record<string, Check>; warnings: Fault[] };

/** Lets work outlive the request that began it (Workers' `waitUntil`). */
type Background = (work: Promise<unknown>) => void;
export type Readiness = { check(requestId: string, background: Background): Promise<Report> };

/** A service that takes longer is not ready. */
const DEADLINE_MS = 3000;
/** How long a finished report serves all requests, so that a monitor cannot load the services. */
const SHARED_MS = 5000;
/** Pause of a request that waits for the report that another one makes. */
const POLL_MS = 25;
const MAX_KEY_SET = 65_536;

class NotReady extends Error {
  readonly fault: Fault;

  constructor(name: keyof Config, message: string) {
    super(message);
    this.fault = { name, message };
  }
}

const SETUP: Readonly<Record<SetupFault, string>> = {
  'wrong-password': 'The database refuses this user and password.',
  'missing-role': 'The database has no such user.',
  'missing-database': 'There is no database of this name.',
  'missing-endpoint': 'There is no database server at this address.',
  'not-migrated': 'The database has no tables: run `npm run db:migrate`.',
  'missing-permission': 'The user may not read the tables: run `npm run db:migrate`.',
};

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for a probe to end, at most until its deadline; every failure names the variable to look at. */
async function timed(name: keyof Config, probe: Promise<void>): Promise<Check> {
  const started = Date.now();
  const late = sleep(DEADLINE_MS + 100).then(() => {
    throw new NotReady(name, `No answer in ${DEADLINE_MS / 1000} seconds.`);
  });
  try {
    await Promise.race([probe, late]);
    return { ok: true, ms: Date.now() - started };
  } catch (error) {
    const fault =
      error instanceof NotReady ? error.fault : { name, message: 'No connection, or no whole answer.' };
    return { ok: false, ms: Date.now() - started, fault };
  } finally {
    late.catch(() => undefined);
  }
}

function ask(fetcher: Fetcher, url: URL, headers: Record<string, string> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  return fetcher.fetch(url.toString(), { headers, signal, redirect: 'manual' });
}

/** Asks a service whether it works, and whether it takes our key. */
async function probeUpstream(
  { address, key, probe: { open, locked } }: Upstream,
  { fetcher, url, apiKey }: Connection,
): Promise<void> {
  const [health, proof] = await Promise.all([
    ask(fetcher, new URL(open, url)),
    ask(fetcher, new URL(locked, url), { authorization: `Bearer ${apiKey}` }),
  ]);
  await Promise.all([health.body?.cancel(), proof.body?.cancel()]);
  if (health.status !== 200) throw new NotReady(address, `${open} answered ${health.status}.`);
  if (proof.status === 401 || proof.status === 403) throw new NotReady(key, 'The service refuses this key.');
  if (proof.status !== 200) throw new NotReady(address, `${locked} answered ${proof.status}.`);
}

/** Downloads the issuer's keys and looks for one that can verify a token. */
async function probeIssuer(config: Config, fetcher: Fetcher): Promise<void> {
  const response = await ask(fetcher, new URL(config.JWKS_URL), { accept: 'application/json' });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new NotReady('JWKS_URL', `The issuer answered ${response.status}.`);
  }
  const bytes = await readAtMost(response.body, MAX_KEY_SET);
  try {
    await usableKeys(JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())));
  } catch {
    throw new NotReady('JWKS_URL', 'No key there can verify a token.');
  }
}

async function probeDatabase(database: ReturnType<typeof createDatabase>, requestId: string): Promise<void> {
  try {
    await ping(database.forRequest(requestId));
  } catch (error) {
    const setup = error instanceof StorageError ? error.failure.setup : undefined;
    throw new NotReady('DATABASE_URL', setup === undefined ? 'The database does not answer.' : SETUP[setup]);
  }
}

/** What works, but not as a deployment should have it. */
function warningsOf(config: Config, limits: RateLimits): Fault[] {
  const warnings: Fault[] = [];
  if (config.JWT_AUDIENCE === undefined) {
    const message =
      'No audience is set, so that tokens which the issuer made for other services are accepted too.';
    warnings.push({ name: 'JWT_AUDIENCE', message });
  }
  for (const [limit, name] of [
    ['writes', 'WRITES_PER_MINUTE'],
    ['exports', 'EXPORTS_PER_MINUTE'],
    ['past', 'PAST_READS_PER_MINUTE'],
  ] as const) {
    if (config[name] === 0 || limits[limit] !== null) continue;
    warnings.push({ name, message: 'No rate limiting binding is there to enforce this limit.' });
  }
  return warnings;
}

export type ReadinessParts = {
  config: Config;
  database: ReturnType<typeof createDatabase>;
  /** Reaches the issuer. */
  web: Fetcher;
  connections: Connections;
  limits: RateLimits;
};

/**
 * Asks every service of the contract's table whether it works and takes our key. However many requests come at once, the
 * services are asked once: later requests look every 25 ms for the report of the first.
 */
export function createReadiness({ config, database, web, connections, limits }: ReadinessParts): Readiness {
  let shared: { until: number; report: Report } | null = null;
  let claimedUntil = 0;

  async function makeReport(requestId: string): Promise<Report> {
    const probes: Record<ServiceId, Promise<void>> = {
      database: probeDatabase(database, requestId),
      issuer: probeIssuer(config, web),
      ...mapUpstreams((row, id) => probeUpstream(row, connections[id])),
    };
    const entries = Object.entries(probes) as [ServiceId, Promise<void>][];
    const checked = entries.map(async ([id, probe]) => {
      const { check, address } = SERVICES[id];
      return [check, await timed(address, probe)] as const;
    });
    const checks = Object.fromEntries(await Promise.all(checked));
    const ready = Object.values(checks).every((check) => check.ok);
    return { ready, checks, warnings: warningsOf(config, limits) };
  }

  return {
    async check(requestId, background) {
      for (;;) {
        if (shared !== null && Date.now() < shared.until) return shared.report;
        if (Date.now() >= claimedUntil) break;
        // A promise of another request must not be waited for here: it dies with that request.
        await sleep(POLL_MS);
      }
      claimedUntil = Date.now() + DEADLINE_MS + 500;
      const work = makeReport(requestId).then((report) => {
        shared = { until: Date.now() + SHARED_MS, report };
        claimedUntil = 0;
        return report;
      });
      background(work);
      return work;
    },
  };
}
