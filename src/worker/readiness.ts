import type { Fetcher } from './clients/http.ts';
import type { createDatabase } from './db/client.ts';
import { ping } from './db/ping.ts';
import type { Config } from './env.ts';

export type Check = { ok: boolean; ms: number };
export type Report = { ready: boolean; checks: Record<string, Check> };
export type Readiness = { check(requestId: string): Promise<Report> };

/** A neighbour that takes longer is not ready. */
const DEADLINE_MS = 3000;
/** How long a finished report serves everybody who asks, so that a monitor cannot load the neighbours. */
const SHARED_MS = 2000;

async function timed(probe: Promise<boolean>): Promise<Check> {
  const started = Date.now();
  const ok = await probe.catch(() => false);
  return { ok, ms: Date.now() - started };
}

async function answers(fetcher: Fetcher, url: string): Promise<boolean> {
  const response = await fetcher.fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'manual' });
  await response.body?.cancel();
  return response.status < 400;
}

export type ReadinessParts = {
  config: Config;
  database: ReturnType<typeof createDatabase>;
  fetchers: { web: Fetcher; problemBank: Fetcher; evaluator: Fetcher; tutor: Fetcher };
};

/** Asks every neighbour whether it is there: database, token issuer, problem bank, evaluator, tutor. */
export function createReadiness({ config, database, fetchers }: ReadinessParts): Readiness {
  let shared: { until: number; report: Report } | null = null;

  async function ask(requestId: string): Promise<Report> {
    const probes = {
      database: ping(database.forRequest(requestId)),
      issuer: answers(fetchers.web, config.JWKS_URL),
      problem_bank: answers(fetchers.problemBank, `${config.PROBLEM_BANK_URL}/v1/modules`),
      evaluator: answers(fetchers.evaluator, `${config.EVAL_SERVICE_URL}/health`),
      tutor: answers(fetchers.tutor, `${config.TUTOR_URL}/health`),
    };
    const entries = Object.entries(probes).map(async ([name, probe]) => [name, await timed(probe)] as const);
    const checks = Object.fromEntries(await Promise.all(entries));
    return { ready: Object.values(checks).every((check) => check.ok), checks };
  }

  return {
    async check(requestId) {
      if (shared !== null && Date.now() < shared.until) return shared.report;
      const report = await ask(requestId);
      shared = { until: Date.now() + SHARED_MS, report };
      return report;
    },
  };
}
