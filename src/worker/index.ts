import { env, waitUntil } from 'cloudflare:workers';
import { createApp } from './app.ts';
import { createJwks } from './auth/jwks.ts';
import { createTokenVerifier } from './auth/token.ts';
import { createEvaluator } from './clients/evaluator.ts';
import { type Fetcher, globalFetcher } from './clients/http.ts';
import { createProblemBank } from './clients/problem-bank.ts';
import { createTutor } from './clients/tutor.ts';
import type { Context, Services } from './context.ts';
import { createCipher } from './crypto/cipher.ts';
import { createCursorCodec } from './crypto/cursor.ts';
import { createPseudonyms } from './crypto/pseudonym.ts';
import { createDatabase } from './db/client.ts';
import { type Config, parseEnv } from './env.ts';
import { createSlotPool, leaseFor } from './evaluations/index.ts';
import type { RateLimit } from './http/rate-limit.ts';
import { runJobs } from './jobs/index.ts';
import { createLogger, type LogFields } from './log.ts';
import { createReadiness } from './readiness.ts';
import { createUnconfigured } from './unconfigured.ts';

export { LearnerSlots } from './evaluations/slots-object.ts';

// biome-ignore lint/suspicious/noConsole: a Worker's log is what it writes to the console
const logger = (fields: LogFields) => createLogger(fields, (line) => console.log(line));

/** A service binding of that name takes the place of the URL (decisions, section 10). */
function bound(name: 'PROBLEM_BANK' | 'EVAL_SERVICE' | 'TUTOR'): Fetcher {
  const binding: unknown = Reflect.get(env, name);
  return typeof binding === 'object' && binding !== null && 'fetch' in binding
    ? (binding as Fetcher)
    : globalFetcher;
}

/** A rate limiting binding with the quota that it was configured with; null where there is none or the quota is 0. */
function rateLimit(binding: 'WRITE_LIMIT' | 'EXPORT_LIMIT', name: string, quota: number): RateLimit | null {
  const limiter: unknown = Reflect.get(env, binding);
  return quota > 0 && typeof limiter === 'object' && limiter !== null && 'limit' in limiter
    ? { name, quota, limiter: limiter as RateLimit['limiter'] }
    : null;
}

/** Wires everything once per isolate; only this file reads the environment. */
function compose(config: Config) {
  const fetchers = {
    web: globalFetcher,
    problemBank: bound('PROBLEM_BANK'),
    evaluator: bound('EVAL_SERVICE'),
    tutor: bound('TUTOR'),
  };
  const log = logger({});
  const database = createDatabase({ url: config.DATABASE_URL, fetchEndpoint: config.NEON_FETCH_ENDPOINT });
  const services: Services = {
    config,
    problemBank: createProblemBank({
      fetcher: fetchers.problemBank,
      url: config.PROBLEM_BANK_URL,
      apiKey: config.PROBLEM_BANK_API_KEY,
      background: waitUntil,
    }),
    evaluator: createEvaluator({
      fetcher: fetchers.evaluator,
      url: config.EVAL_SERVICE_URL,
      apiKey: config.EVAL_SERVICE_API_KEY,
      timeoutMs: config.EVAL_SERVICE_TIMEOUT * 1000,
    }),
    tutor: createTutor({ fetcher: fetchers.tutor, url: config.TUTOR_URL, apiKey: config.TUTOR_API_KEY }),
    slots: createSlotPool(env.LEARNER_SLOTS, {
      limit: config.MAX_CONCURRENT_EVALUATIONS,
      leaseMs: leaseFor(config.EVAL_SERVICE_TIMEOUT),
    }),
    cipher: createCipher(config.CODE_ENCRYPTION_KEYS),
    cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
  };
  const verifier = createTokenVerifier({
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    keys: createJwks({
      url: config.JWKS_URL,
      report: (failure, failures) => log.warn('jwks-unavailable', { failures, error: String(failure) }),
    }),
  });
  const readiness = createReadiness({ config, database, fetchers });
  const limits = {
    writes: rateLimit('WRITE_LIMIT', 'writes', config.WRITES_PER_MINUTE),
    exports: rateLimit('EXPORT_LIMIT', 'exports', config.EXPORTS_PER_MINUTE),
  };
  const app = createApp({
    services,
    verifier,
    database,
    readiness,
    limits,
    clock: () => new Date(),
    logger,
    pseudonym: createPseudonyms(config.CURSOR_SIGNING_KEY),
  });
  return { services, database, app };
}

const parsed = parseEnv({ ...env });
const composed = parsed.ok ? compose(parsed.config) : null;
const app = composed?.app ?? createUnconfigured(parsed.ok ? [] : parsed.problems);

export default {
  fetch: app.fetch,
  async scheduled(controller, _env, ctx) {
    if (composed === null) return;
    const requestId = `cron-${crypto.randomUUID()}`;
    const job = {
      ...composed.services,
      db: composed.database.forRequest(requestId),
      actor: { type: 'system', job: 'cron' } as const,
      requestId,
      now: new Date(controller.scheduledTime).toISOString(),
      newId: () => crypto.randomUUID(),
      background: (work: Promise<unknown>) => ctx.waitUntil(work),
      log: logger({ request_id: requestId, cron: controller.cron }),
    };
    await runJobs(job satisfies Context, controller.cron);
  },
} satisfies ExportedHandler<Cloudflare.Env>;
