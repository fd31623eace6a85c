import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startNeighbours } from '#local/neighbours.ts';
import { bankFilePaths } from '#local/problem-bank/load.ts';
import { startWorker } from '#local/worker-process.ts';
import { freePort } from '../bench/kit.ts';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface merges with vitest's own
  export interface ProvidedContext {
    stack: {
      worker: string;
      workerLog: string;
      neon: string;
      issuer: string;
      bank: string;
      evaluator: string;
      tutor: string;
      databaseUrl: string;
    };
  }
}

/** The whole product once for all API tests: real PostgreSQL, real workerd, real neighbours. */
export async function setup(project: TestProject) {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-'));
  const bankFiles = bankFilePaths(process.env.PROBLEM_BANK_FILES);
  const neighbours = await startNeighbours({ home, durable: false, bankFiles, wordDelayMs: 1 });
  const worker = await startWorker({ port: await freePort(), home, vars: neighbours.vars, crons: false });
  const { database, issuer, bank, evaluator, tutor } = neighbours.services;
  project.provide('stack', {
    worker: worker.url,
    workerLog: worker.logFile,
    neon: database.url,
    issuer: issuer.url,
    bank: bank.url,
    evaluator: evaluator.url,
    tutor: tutor.url,
    databaseUrl: neighbours.postgresUrl ?? '',
  });
  return async () => {
    await worker.close();
    await neighbours.close();
    await rm(home, { recursive: true, force: true });
  };
}
