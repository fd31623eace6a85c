import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  labelOf,
  mapUpstreams,
  type ServiceId,
  UPSTREAMS,
  type UpstreamId,
  upstreamVars,
} from '#contract/services.ts';
import type { RunningService } from '#services/common/service.ts';
import { startEvaluator } from '#services/evaluator/index.ts';
import { createLog } from '#services/evaluator/log.ts';
import { startIssuer } from '#services/issuer/index.ts';
import { startDatabase } from '#services/neon/index.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { startTutor } from '#services/tutor/index.ts';
import type { Ports } from './checkout.ts';
import { FRESH_START, migrate } from './migrate.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { admitWorker } from './worker-role.ts';

export type ServiceSettings = {
  /** Where each service listens; any free port without. */
  ports?: Partial<Ports>;
  /** Where data, keys and caches are kept. */
  home: string;
  /** Variables of the Worker that take the place of the stack's own; keys, issuer and audience also those of the services. */
  vars?: Readonly<Record<string, string>>;
  /** Forget the database of earlier runs. */
  fresh?: boolean;
  /** False trades crash safety of the database for speed; tests only. */
  durable?: boolean;
  /** Any PostgreSQL, or a Neon database, instead of the built-in one. */
  databaseUrl?: string | undefined;
  /** JSONL files with more problems. */
  bankFiles?: readonly string[];
  /** An OpenAI-compatible chat API for the tutor. */
  tutorUpstream?: { url: string; key: string; model: string } | undefined;
  /** Milliseconds between two words of the tutor. */
  wordDelayMs?: number;
  /** Whether `/__local/*` asks for the `controlKey` of the secrets; tests leave it open. */
  controls?: 'keyed' | 'open';
  /** Given each line of the evaluator's log. */
  onEvaluatorLog?: (line: string) => void;
  /** Called before each step, as starting takes a few seconds. */
  onStep?: (step: string) => void;
};

/** All services of the contract's table, and the variables that point a Worker at them. */
export type RunningServices = {
  running: Record<ServiceId, RunningService>;
  vars: Record<string, string>;
  /** PostgreSQL itself as the owner of the tables and as the superuser; null when it is a Neon database. */
  postgresUrl: string | null;
  adminUrl: string | null;
  close(): Promise<void>;
};

type UpstreamStart = (setting: {
  port: number;
  controlKey: string | undefined;
  apiKey: string;
  settings: ServiceSettings;
}) => Promise<RunningService>;

/** How each upstream is started: a new one has its folder in `src/services`, and its line here. */
const START: Readonly<Record<UpstreamId, UpstreamStart>> = {
  problemBank: ({ settings: { bankFiles = [] }, ...common }) =>
    startProblemBank({ ...common, files: bankFiles }),
  evaluator: ({ settings: { onEvaluatorLog }, ...common }) =>
    startEvaluator({ ...common, ...(onEvaluatorLog && { log: createLog(onEvaluatorLog) }) }),
  tutor: ({ settings: { tutorUpstream, wordDelayMs }, ...common }) =>
    startTutor({
      ...common,
      ...(tutorUpstream && { upstream: tutorUpstream }),
      ...(wordDelayMs === undefined ? {} : { wordDelayMs }),
    }),
};

/** What to say about a start that takes long. */
const NOTES: Readonly<Partial<Record<UpstreamId, string>>> = {
  evaluator: ' (its first start builds a Python snapshot)',
};

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Where the built-in database keeps its data. */
export function databaseFolder(home: string): string {
  return path.join(home, 'postgres');
}

function isNeon(databaseUrl: string): boolean {
  return /\.neon\.(tech|build)$/.test(new URL(databaseUrl).hostname);
}

/** A Neon database is reached as it is: no endpoint of ours in between, and nothing to stop. */
function remoteDatabase(databaseUrl: string) {
  const { host } = new URL(databaseUrl);
  const service = { name: 'neon', url: `https://${host}`, port: 443, close: async () => {} };
  return {
    ...service,
    connectionString: databaseUrl,
    fetchEndpoint: null,
    postgresUrl: null,
    adminUrl: null,
  };
}

/** Names of this machine: no page can be given one of them. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** Starts the database and brings it up to date. `workerUrl` is its address with the Worker's own role. */
async function openDatabase(settings: ServiceSettings, secrets: Secrets, controlKey: string | undefined) {
  const { ports = {}, home, databaseUrl, fresh = false, durable = true, onStep = () => {} } = settings;
  onStep('database');
  const database =
    databaseUrl !== undefined && isNeon(databaseUrl)
      ? remoteDatabase(databaseUrl)
      : await startDatabase({
          port: ports.database ?? 0,
          postgresPort: ports.postgres ?? 0,
          dataDir: databaseFolder(home),
          fresh,
          durable,
          passwords: { admin: secrets.adminPassword, owner: secrets.ownerPassword },
          controlKey,
          ...(databaseUrl === undefined ? {} : { databaseUrl }),
        });
  const { connectionString, fetchEndpoint } = database;
  const owner = { databaseUrl: connectionString, fetchEndpoint: fetchEndpoint ?? undefined };
  try {
    await migrate({
      ...owner,
      directory: MIGRATIONS,
      startOver:
        databaseUrl === undefined ? FRESH_START : 'DATABASE_URL=<address of an empty database> npm run dev',
      onApplied: (file) => onStep(`migration ${file}`),
    });
    return { ...database, workerUrl: await admitWorker(owner, secrets.workerPassword) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Starts every service, one after the other in the order of the contract's table. */
export async function startServices(settings: ServiceSettings): Promise<RunningServices> {
  const { ports = {}, home, vars: given = {}, onStep = () => {} } = settings;
  await mkdir(home, { recursive: true });
  const secrets = readSecrets(home);
  const keys = mapUpstreams(({ key }, id) => given[key] ?? secrets[`${id}Key`]);
  const controlKey = settings.controls === 'keyed' ? secrets.controlKey : undefined;
  const started: RunningService[] = [];
  async function keep<T extends RunningService>(starting: Promise<T>): Promise<T> {
    const service = await starting;
    started.push(service);
    return service;
  }
  const close = async () => {
    for (const service of started.toReversed()) await service.close();
  };
  try {
    const database = await keep(openDatabase(settings, secrets, controlKey));
    onStep(labelOf('issuer'));
    const issuer = await keep(
      startIssuer({
        port: ports.issuer ?? 0,
        controlKey,
        keyFile: path.join(home, 'issuer-keys.json'),
        issuer: given.JWT_ISSUER,
        audience: given.JWT_AUDIENCE,
      }),
    );
    const upstreams: Partial<Record<UpstreamId, RunningService>> = {};
    for (const id of Object.keys(UPSTREAMS) as UpstreamId[]) {
      onStep(`${labelOf(id)}${NOTES[id] ?? ''}`);
      const starting = START[id]({ port: ports[id] ?? 0, controlKey, apiKey: keys[id], settings });
      upstreams[id] = await keep(starting);
    }
    const running = { database, issuer, ...(upstreams as Record<UpstreamId, RunningService>) };
    const vars = {
      DATABASE_URL: database.workerUrl,
      ...(database.fetchEndpoint === null ? {} : { NEON_FETCH_ENDPOINT: database.fetchEndpoint }),
      JWT_ISSUER: 'api.scimigo.com',
      JWKS_URL: `${issuer.url}/.well-known/jwks.json`,
      SIGN_IN_URL: `${issuer.url}/sign-in`,
      ...upstreamVars((id) => ({ url: running[id].url, key: keys[id] })),
      CODE_ENCRYPTION_KEYS: secrets.codeKey,
      CURSOR_SIGNING_KEY: secrets.cursorKey,
      CRON_KEY: secrets.cronKey,
      ...given,
      ALLOWED_HOSTS: [...LOCAL_HOSTS, given.ALLOWED_HOSTS].filter(Boolean).join(','),
    };
    return {
      running,
      vars,
      postgresUrl: database.postgresUrl,
      adminUrl: database.adminUrl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
