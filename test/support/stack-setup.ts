import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createTestHarness } from 'wrangler';
import { startNeighbours } from '#local/neighbours.ts';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface merges with vitest's own
  export interface ProvidedContext {
    stack: {
      worker: string;
      control: string;
      neon: string;
      issuer: string;
      bank: string;
      evaluator: string;
      tutor: string;
      databaseUrl: string;
    };
  }
}

const CONFIG = new URL('../../wrangler.toml', import.meta.url);

type Harness = ReturnType<typeof createTestHarness>;

/**
 * Tests run in other processes than the Worker: this little server passes on what only its owner can do.
 * `POST /scheduled?time=<ms>` runs the cron, `POST /evict?name=<learner>` evicts a learner's Durable Object,
 * `GET /logs` answers what the Worker logged.
 */
async function startControl(harness: Harness) {
  const worker = harness.getWorker();
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://control');
    const answer = async (): Promise<unknown> => {
      switch (url.pathname) {
        case '/scheduled':
          return worker.scheduled({
            cron: '* * * * *',
            scheduledTime: new Date(Number(url.searchParams.get('time') ?? Date.now())),
          });
        case '/evict':
          return worker.evictDurableObject('LEARNER_SLOTS', { name: url.searchParams.get('name') ?? '' });
        case '/logs':
          return harness.getLogs();
        default:
          throw new Error(`no such control: ${url.pathname}`);
      }
    };
    answer().then(
      (value) => res.end(JSON.stringify(value ?? null)),
      (error: unknown) => {
        res.statusCode = 500;
        res.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** The whole product once for all API tests: real PostgreSQL, real workerd, real neighbours. */
export async function setup(project: TestProject) {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-'));
  const bankFiles = (process.env.PROBLEM_BANK_FILES ?? '').split(',').filter((file) => file !== '');
  const neighbours = await startNeighbours({ home, durable: false, bankFiles, wordDelayMs: 1 });
  const harness = createTestHarness({ workers: [{ configPath: CONFIG, vars: neighbours.vars }] });
  const { url } = await harness.listen();
  const control = await startControl(harness);
  const { database, issuer, bank, evaluator, tutor } = neighbours.services;
  project.provide('stack', {
    worker: url.href.replace(/\/$/, ''),
    control: control.url,
    neon: database.url,
    issuer: issuer.url,
    bank: bank.url,
    evaluator: evaluator.url,
    tutor: tutor.url,
    databaseUrl: neighbours.postgresUrl ?? '',
  });
  return async () => {
    control.server.close();
    await harness.close();
    await neighbours.close();
    await rm(home, { recursive: true, force: true });
  };
}
