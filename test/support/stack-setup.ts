import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDocument } from '#cli/openapi/document.ts';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { bankFilePaths } from '#services/problem-bank/load.ts';
import { freePort } from '../bench/kit.ts';
import { writeCanaryProblem } from './canary-problem.ts';
import { neverSeen } from './seen.ts';
import { verifyWholeLog } from './whole-log.ts';

type StackAddresses = {
  worker: string;
  workerLog: string;
  /** Of every service; by name below. */
  services: string[];
  neon: string;
  issuer: string;
  bank: string;
  evaluator: string;
  tutor: string;
  /** PostgreSQL as the owner of the tables, and as the superuser. */
  databaseUrl: string;
  adminUrl: string;
  /** Variables that point a Worker at these services. */
  vars: Record<string, string>;
  /** The API document as a file, and the file of notes on what was seen of it. */
  document: string;
  seen: string;
  /** Bank file of the problem whose tests are canaries. */
  canaryFile: string;
  evaluatorLog: string;
};

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface merges with vitest's own
  export interface ProvidedContext {
    stack: StackAddresses;
  }
}

type RunningStack = {
  addresses: StackAddresses;
  /** @param whole whether every test of the files was asked for */
  close(whole: boolean): Promise<void>;
};

async function start(): Promise<RunningStack> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-'));
  const canaryFile = await writeCanaryProblem(home);
  const bankFiles = [...bankFilePaths(process.env.PROBLEM_BANK_FILES), canaryFile];
  const evaluatorLog = path.join(home, 'evaluator.log');
  const onEvaluatorLog = (line: string) => appendFileSync(evaluatorLog, `${line}\n`);
  const services = await startServices({
    home,
    durable: false,
    bankFiles,
    wordDelayMs: 1,
    onEvaluatorLog,
  });
  const vars = {
    ...services.vars,
    // An older key that nothing is sealed with, until a test does.
    CODE_ENCRYPTION_KEYS: `${services.vars.CODE_ENCRYPTION_KEYS},k0:${randomBytes(32).toString('base64')}`,
  };
  const worker = await startWorker({ port: await freePort(), home, vars, crons: false });
  const api = { document: path.join(home, 'openapi.json'), seen: path.join(home, 'seen.txt') };
  await writeFile(api.document, JSON.stringify(await createDocument()));
  await writeFile(api.seen, '');
  const { running } = services;
  return {
    addresses: {
      worker: worker.url,
      workerLog: worker.logFile,
      services: Object.values(running).map(({ url }) => url),
      neon: running.database.url,
      issuer: running.issuer.url,
      bank: running.problemBank.url,
      evaluator: running.evaluator.url,
      tutor: running.tutor.url,
      databaseUrl: services.postgresUrl ?? '',
      adminUrl: services.adminUrl ?? '',
      vars,
      ...api,
      canaryFile,
      evaluatorLog,
    },
    async close(whole) {
      const log = await verifyWholeLog(services.postgresUrl ?? '', worker.url).catch((error: Error) => error);
      await worker.close();
      await services.close();
      const missing = whole ? neverSeen(api.seen, path.join(import.meta.dirname, '../api')) : [];
      const bugs = bugsIn(await readFile(worker.logFile, 'utf8'));
      await rm(home, { recursive: true, force: true });
      if (bugs.length > 0) process.stdout.write(`answered 500 for:\n${bugs.join('\n')}\n`);
      if (log instanceof Error) throw log;
      if (missing.length > 0) throw new Error(`documented, but never seen:\n${missing.join('\n')}`);
    },
  };
}

/** Why the Worker answered 500 without a reason of its own, each once: whoever sees a test fail wants to know. */
function bugsIn(workerLog: string): string[] {
  const causes = workerLog.split('\n').filter((line) => line.includes('"code":"internal"'));
  return [...new Set(causes.map((line) => /"cause":"[^"]*/.exec(line)?.[0] ?? line))].slice(0, 10);
}

/** Projects load this file each for itself, and share one stack: whoever is the last to go stops it. */
const shared = globalThis as typeof globalThis & {
  studyPathsStack?: { users: number; running: Promise<RunningStack> } | undefined;
};

/** The whole product once for the API's and the browser's tests: real PostgreSQL, real workerd, real services. */
export async function setup(project: TestProject) {
  shared.studyPathsStack ??= { users: 0, running: start() };
  const { studyPathsStack } = shared;
  studyPathsStack.users += 1;
  project.provide('stack', (await studyPathsStack.running).addresses);
  return async () => {
    studyPathsStack.users -= 1;
    if (studyPathsStack.users > 0) return;
    shared.studyPathsStack = undefined;
    await (await studyPathsStack.running).close(project.config.testNamePattern === undefined);
  };
}
