import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '#cli/migrate.ts';
import { type UpstreamId, upstreamVars } from '#contract/services.ts';
import { type RunningNeon, randomPasswords, startNeon, startPostgres } from '#services/neon/index.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { startTutor } from '#services/tutor/index.ts';
import { PROBLEMS } from './problems.ts';
import {
  createProduct,
  type Mutation,
  neonConfig,
  type ProductModule,
  type ProductOptions,
} from './product.ts';
import { type ScriptedEvaluator, startScriptedEvaluator } from './scripted-evaluator.ts';
import { createSigner } from './tokens.ts';

const API_KEY = 'prove-service-key';
const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url));

/** Tables that a history can fill, emptied between two of them when the product did not do it. */
const OWNED = ['study_paths', 'mastery', 'learner_events', 'idempotency_keys', 'erasures'];
/** Tables that nobody can empty otherwise. */
const LOGS = ['task_events', 'path_events', 'learner_events', 'erasures'];

export type LaneOptions = Partial<
  Pick<ProductOptions, 'clock' | 'attemptMs' | 'totalMs' | 'evaluatorSeconds' | 'renewMs' | 'vars'>
> & {
  /** Another product than the real one. */
  from?: ProductModule;
};
const REAL: ProductModule = { createProduct, neonConfig };

/** The driver asks for its endpoint by host, so that every lane has its own in one process. */
const endpoints = new Map<string, string>();
const endpointOf = (host: string) => endpoints.get(host) ?? `http://${host}.invalid/sql`;

/**
 * Several products side by side, each on a database, a Neon endpoint, an evaluator and a tutor of its own (so that their
 * faults and clocks do not meet), over one PostgreSQL and one problem bank.
 */
export async function startLanes(count: number, { durable = false }: { durable?: boolean } = {}) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'study-paths-prove-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(dataDir, { recursive: true, force: true })];
  const keep = <T extends { close(): Promise<unknown> }>(service: T): T => {
    closers.push(() => service.close());
    return service;
  };
  async function close() {
    for (const closer of closers.toReversed()) await closer();
  }
  try {
    const passwords = randomPasswords();
    let postgres = await startPostgres({ dataDir, durable, passwords });
    closers.push(() => postgres.close());
    const first = await startNeon({ databaseUrl: postgres.url });
    await migrate({
      databaseUrl: first.connectionString,
      fetchEndpoint: first.fetchEndpoint,
      directory: MIGRATIONS,
    });
    await first.close();
    const bank = keep(await startProblemBank({ apiKey: API_KEY, problems: PROBLEMS }));
    const signer = await createSigner();
    const lanes = [];
    for (let number = 0; number < count; number += 1) {
      lanes.push(await openLane(number));
    }
    return {
      lanes,
      signer,
      close,
      /** Ends PostgreSQL at once with SIGKILL. */
      crash() {
        const pid = Number.parseInt(
          readFileSync(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'),
          10,
        );
        process.kill(pid, 'SIGKILL');
      },
      /** Starts it again on its data and its port, when what is left of it has gone. */
      async revive() {
        postgres = await startPostgres({ dataDir, port: postgres.port, durable, passwords });
      },
    };

    async function openLane(number: number) {
      const name = `lane-${number}`;
      const admin = new pg.Client({ connectionString: postgres.url.replace(/main$/, 'postgres') });
      await admin.connect();
      await admin.query(`create database "${name}" template main`);
      await admin.end();
      const directUrl = postgres.url.replace(/main$/, name);
      const neon = keep(await startNeon({ databaseUrl: directUrl, hosts: [name] }));
      endpoints.set(name, neon.fetchEndpoint);
      const evaluator = keep(await startScriptedEvaluator(API_KEY));
      const tutor = keep(await startTutor({ apiKey: API_KEY }));
      const direct = new pg.Pool({ connectionString: directUrl, max: 2 });
      direct.on('error', () => undefined);
      closers.push(() => direct.end());
      return laneOf({ name, neon, evaluator, direct, bankUrl: bank.url, tutorUrl: tutor.url, signer });
    }
  } catch (error) {
    await close();
    throw error;
  }
}

type LaneParts = {
  name: string;
  neon: RunningNeon;
  evaluator: ScriptedEvaluator;
  direct: pg.Pool;
  bankUrl: string;
  tutorUrl: string;
  signer: ProductOptions['signer'];
};

/** As the fault switches of the services take it. */
type WireFault = { times: number; kind: string; [key: string]: unknown };

/**
 * Switches faults on at a neighbour.
 * @returns what switches them off again and answers how often they struck.
 */
async function switchOn(url: string, faults: WireFault[]): Promise<() => Promise<number>> {
  const address = `${url}/__local/faults`;
  const response = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`faults: ${await response.text()}`);
  await response.body?.cancel();
  return async () => {
    const { data } = (await (await fetch(address)).json()) as { data: { left: number }[] };
    await fetch(address, { method: 'DELETE' });
    return faults.reduce((sum, { times }, index) => sum + times - (data[index]?.left ?? times), 0);
  };
}

/** The lane's database as its owner, at a host name that only the driver's endpoint of this process knows. */
function addressOf(neon: RunningNeon, name: string): string {
  const address = new URL(neon.connectionString);
  address.hostname = name;
  return address.href;
}

function laneOf({ name, neon, evaluator, direct, bankUrl, tutorUrl, signer }: LaneParts) {
  const urls: Partial<Record<UpstreamId, string>> = {
    problemBank: bankUrl,
    evaluator: evaluator.url,
    tutor: tutorUrl,
  };
  return {
    name,
    signer,
    evaluator,
    /** What a Worker of its own on this lane is configured with, but for the issuer. */
    vars: {
      DATABASE_URL: addressOf(neon, name),
      NEON_FETCH_ENDPOINT: neon.fetchEndpoint,
      ...upstreamVars((id) => ({ url: urls[id] ?? 'http://unused.invalid', key: API_KEY })),
    },
    /** A product on this lane, with a planted bug or as it is. */
    product(mutation?: Mutation, { from = REAL, ...options }: LaneOptions = {}) {
      from.neonConfig.fetchEndpoint = endpointOf;
      return from.createProduct({
        databaseUrl: addressOf(neon, name),
        bankUrl,
        evaluatorUrl: evaluator.url,
        tutorUrl,
        apiKey: API_KEY,
        signer,
        ...(mutation === undefined ? {} : { mutation }),
        ...options,
      });
    },
    /** The database, for a command that reads all of it. */
    direct,
    /** Looks into the database behind the product's back. */
    async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
      return (await direct.query<Row>(text, values)).rows;
    },
    async empty(): Promise<void> {
      const open = LOGS.map((table) => `alter table ${table} disable trigger ${table}_no_truncate`);
      await direct.query([...open, `truncate ${OWNED.join(', ')} cascade`].join('; '));
    },
    databaseFaults: (faults: WireFault[]) => switchOn(neon.url, faults),
    // A cancel is heard also while judging fails, so that every slot has to be given back.
    evaluatorFaults: (faults: WireFault[]) =>
      switchOn(
        evaluator.url,
        faults.map((fault) => ({ ...fault, method: 'POST' })),
      ),
    tutorFaults: (faults: WireFault[]) => switchOn(tutorUrl, faults),
  };
}

export type Lanes = Awaited<ReturnType<typeof startLanes>>;
export type Lane = Lanes['lanes'][number];
