import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningService } from '#services/common/service.ts';
import { startEvaluator } from '#services/evaluator/index.ts';
import { createLog } from '#services/evaluator/log.ts';
import { startIssuer } from '#services/issuer/index.ts';
import { startDatabase } from '#services/neon/index.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { startTutor } from '#services/tutor/index.ts';
import { FRESH_START, migrate } from './migrate.ts';
import { readSecrets } from './secrets.ts';
import { admitWorker } from './worker-role.ts';

/** Ports of the neighbours; 0 takes any free one. */
export type Ports = Record<'neon' | 'issuer' | 'bank' | 'evaluator' | 'tutor' | 'postgres', number>;

export type NeighbourOptions = {
  ports?: Partial<Ports>;
  /** Where data, keys and caches are kept. */
  home: string;
  /** Variables of the Worker that take the place of the stack's own; keys, issuer and audience also of the services'. */
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
  /** Told each step, as starting takes a moment. */
  onStep?: (step: string) => void;
};

/** All neighbours, and the variables that point a Worker at them. */
export type Neighbours = {
  services: Record<'database' | 'issuer' | 'bank' | 'evaluator' | 'tutor', RunningService>;
  vars: Record<string, string>;
  /** PostgreSQL itself as the owner of the tables and as the superuser; null when it is a Neon database. */
  postgresUrl: string | null;
  adminUrl: string | null;
  close(): Promise<void>;
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

/** Starts database, issuer, problem bank, evaluator and tutor, and brings the database up to date. */
export async function startNeighbours(options: NeighbourOptions): Promise<Neighbours> {
  const { ports = {}, home, databaseUrl, vars: given = {}, onStep = () => {} } = options;
  await mkdir(home, { recursive: true });
  const secrets = readSecrets(home);
  const bankKey = given.PROBLEM_BANK_API_KEY ?? secrets.problemBankKey;
  const evaluatorKey = given.EVAL_SERVICE_API_KEY ?? secrets.evaluatorKey;
  const tutorKey = given.TUTOR_API_KEY ?? secrets.tutorKey;
  const controlKey = options.controls === 'keyed' ? secrets.controlKey : undefined;
  const started: { close(): Promise<void> }[] = [];
  async function keep<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const service = await starting;
    started.push(service);
    return service;
  }
  const close = async () => {
    for (const service of started.toReversed()) await service.close();
  };
  try {
    onStep('database');
    const database =
      databaseUrl !== undefined && isNeon(databaseUrl)
        ? remoteDatabase(databaseUrl)
        : await keep(
            startDatabase({
              port: ports.neon ?? 0,
              postgresPort: ports.postgres ?? 0,
              dataDir: databaseFolder(home),
              fresh: options.fresh ?? false,
              durable: options.durable ?? true,
              passwords: { admin: secrets.adminPassword, owner: secrets.ownerPassword },
              controlKey,
              ...(databaseUrl === undefined ? {} : { databaseUrl }),
            }),
          );
    await migrate({
      databaseUrl: database.connectionString,
      fetchEndpoint: database.fetchEndpoint ?? undefined,
      directory: MIGRATIONS,
      startOver:
        databaseUrl === undefined ? FRESH_START : 'DATABASE_URL=<address of an empty database> npm run dev',
      onApplied: (file) => onStep(`migration ${file}`),
    });
    const workerUrl = await admitWorker(
      { databaseUrl: database.connectionString, fetchEndpoint: database.fetchEndpoint ?? undefined },
      secrets.workerPassword,
    );
    onStep('issuer, problem bank, tutor');
    const issuer = await keep(
      startIssuer({
        port: ports.issuer ?? 0,
        controlKey,
        keyFile: path.join(home, 'issuer-keys.json'),
        issuer: given.JWT_ISSUER,
        audience: given.JWT_AUDIENCE,
      }),
    );
    const bank = await keep(
      startProblemBank({
        port: ports.bank ?? 0,
        controlKey,
        apiKey: bankKey,
        files: options.bankFiles ?? [],
      }),
    );
    const tutor = await keep(
      startTutor({
        port: ports.tutor ?? 0,
        controlKey,
        apiKey: tutorKey,
        ...(options.tutorUpstream === undefined ? {} : { upstream: options.tutorUpstream }),
        ...(options.wordDelayMs === undefined ? {} : { wordDelayMs: options.wordDelayMs }),
      }),
    );
    onStep('evaluator (its first start builds a Python snapshot)');
    const evaluator = await keep(
      startEvaluator({
        port: ports.evaluator ?? 0,
        controlKey,
        apiKey: evaluatorKey,
        ...(options.onEvaluatorLog === undefined ? {} : { log: createLog(options.onEvaluatorLog) }),
      }),
    );
    const vars = {
      DATABASE_URL: workerUrl,
      ...(database.fetchEndpoint === null ? {} : { NEON_FETCH_ENDPOINT: database.fetchEndpoint }),
      JWT_ISSUER: 'api.scimigo.com',
      JWKS_URL: `${issuer.url}/.well-known/jwks.json`,
      SIGN_IN_URL: `${issuer.url}/sign-in`,
      PROBLEM_BANK_URL: bank.url,
      PROBLEM_BANK_API_KEY: bankKey,
      EVAL_SERVICE_URL: evaluator.url,
      EVAL_SERVICE_API_KEY: evaluatorKey,
      TUTOR_URL: tutor.url,
      TUTOR_API_KEY: tutorKey,
      CODE_ENCRYPTION_KEYS: secrets.codeKey,
      CURSOR_SIGNING_KEY: secrets.cursorKey,
      CRON_KEY: secrets.cronKey,
      ...given,
      ALLOWED_HOSTS: [...LOCAL_HOSTS, given.ALLOWED_HOSTS].filter(Boolean).join(','),
    };
    return {
      services: { database, issuer, bank, evaluator, tutor },
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
