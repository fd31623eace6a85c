import { createApp } from './app.ts';
import { createJwks } from './auth/jwks.ts';
import { createTokenVerifier } from './auth/token.ts';
import { createEvaluator } from './clients/evaluator.ts';
import { createProblemBank } from './clients/problem-bank.ts';
import { createTutor } from './clients/tutor.ts';
import { connect, type Fetchers } from './clients/upstreams.ts';
import type { Context, Services } from './context.ts';
import { createCipher } from './crypto/cipher.ts';
import { createCursorCodec } from './crypto/cursor.ts';
import { createPseudonyms } from './crypto/pseudonym.ts';
import { createDatabase } from './db/client.ts';
import { createQuotas, type QuotaStub } from './durable/quotas.ts';
import type { SlotStub } from './durable/slots.ts';
import { createSlotPool } from './durable/slots.ts';
import type { Config } from './env.ts';
import type { ArchiveBucket } from './events/archive/bucket.ts';
import type { RateLimits } from './http/rate-limit.ts';
import { type JobReport, runJobs } from './jobs/index.ts';
import type { LogFields, Logger } from './log.ts';
import { createReadiness } from './readiness.ts';

/** What a Worker needs besides its configuration: from Cloudflare's runtime, or from a test. */
export type Platform = {
  /** Time of requests; crons bring theirs. */
  clock: () => Date;
  fetchers: Fetchers;
  /** One object per learner: leases of evaluations, and what was used of the quotas. */
  slots: { getByName(name: string): SlotStub & QuotaStub };
  /** Null where no bucket is bound: then nothing is archived. */
  archive: ArchiveBucket | null;
  limits: RateLimits;
  /** Lets work outlive the request that began it. */
  waitUntil(work: Promise<unknown>): void;
  logger: (fields: LogFields) => Logger;
};

/** Wires everything, once per isolate: the router, and what the cron triggers run. */
export function compose(config: Config, platform: Platform) {
  const { clock, fetchers, slots, archive, limits, waitUntil, logger } = platform;
  const log = logger({});
  const database = createDatabase({ url: config.DATABASE_URL, fetchEndpoint: config.NEON_FETCH_ENDPOINT });
  const connections = connect(config, fetchers);
  const services: Services = {
    config,
    connections,
    problemBank: createProblemBank({ ...connections.problemBank, background: waitUntil }),
    evaluator: createEvaluator({
      ...connections.evaluator,
      timeoutMs: config.EVAL_SERVICE_TIMEOUT * 1000,
    }),
    tutor: createTutor(connections.tutor),
    slots: createSlotPool(slots, { limit: config.MAX_CONCURRENT_EVALUATIONS }),
    quotas: createQuotas(slots),
    cipher: createCipher(config.CODE_ENCRYPTION_KEYS),
    cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
    pseudonym: createPseudonyms(config.CURSOR_SIGNING_KEY),
    archive,
  };
  const verifier = createTokenVerifier({
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    scopeClaim: config.SCOPE_CLAIM,
    keys: createJwks({
      url: config.JWKS_URL,
      report: (failure, failures) => log.warn('jwks-unavailable', { failures, error: String(failure) }),
    }),
  });
  const readiness = createReadiness({ config, database, web: fetchers.web, connections, limits });
  const app = createApp({
    services,
    verifier,
    database,
    readiness,
    limits,
    clock,
    logger,
  });

  /** Runs the jobs of a cron expression as of `at`; `background` outlives the trigger. */
  async function runCron(cron: string, at: Date, background: Context['background']): Promise<JobReport[]> {
    const requestId = `cron-${crypto.randomUUID()}`;
    const job = {
      ...services,
      db: database.forRequest(requestId),
      actor: { type: 'system', job: 'cron' } as const,
      requestId,
      now: at.toISOString(),
      newId: () => crypto.randomUUID(),
      background,
      log: logger({ request_id: requestId, cron }),
    };
    return runJobs(job satisfies Context, cron);
  }
  return { app, runCron };
}
