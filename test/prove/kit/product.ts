import { randomUUID } from 'node:crypto';
import { neonConfig } from '@neondatabase/serverless';
import { upstreamVars } from '#contract/services.ts';
import { createApp } from '#worker/app.ts';
import { createJwks } from '#worker/auth/jwks.ts';
import { createTokenVerifier, type TokenVerifier } from '#worker/auth/token.ts';
import { createEvaluator, type Evaluator } from '#worker/clients/evaluator.ts';
import { globalFetcher } from '#worker/clients/http.ts';
import { createProblemBank } from '#worker/clients/problem-bank.ts';
import { createTutor } from '#worker/clients/tutor.ts';
import { connect } from '#worker/clients/upstreams.ts';
import type { Context, Services } from '#worker/context.ts';
import { createCipher } from '#worker/crypto/cipher.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { createPseudonyms } from '#worker/crypto/pseudonym.ts';
import { createDatabase, type Observe } from '#worker/db/client.ts';
import { createQuotas } from '#worker/durable/quotas.ts';
import { createSlotPool } from '#worker/durable/slots.ts';
import { Config } from '#worker/env.ts';
import { runJobs } from '#worker/jobs/index.ts';
import { createLogger } from '#worker/log.ts';
import { type Rewrite, rewritten } from './rewritten.ts';
import { type LearnerObjects, slotDouble } from './slot-double.ts';
import { ISSUER, type Signer } from './tokens.ts';

declare global {
  /** workerd's native pipe; here it is Node's own. */
  var IdentityTransformStream: new () => TransformStream<Uint8Array, Uint8Array>;
}

/** What a planted bug changes; everything else is the product as it is. */
export type Mutation = {
  /** The text of a statement, by its name. */
  sql?: Rewrite;
  slots?: (namespace: LearnerObjects) => LearnerObjects;
  evaluator?: (evaluator: Evaluator) => Evaluator;
  verifier?: (verifier: TokenVerifier) => TokenVerifier;
  /** Stands in front of the whole router. */
  fetch?: (inner: Handler) => Handler;
};

type Handler = (request: Request) => Promise<Response>;

export type ProductOptions = {
  databaseUrl: string;
  bankUrl: string;
  evaluatorUrl: string;
  tutorUrl: string;
  apiKey: string;
  signer: Signer;
  /** The clock of requests and leases; real time when absent. */
  clock?: () => Date;
  mutation?: Mutation;
  /** Milliseconds for one attempt at a statement and for all of them. */
  attemptMs?: number;
  totalMs?: number;
  evaluatorSeconds?: number;
  /** Milliseconds of real time between two renewals of a lease. */
  renewMs?: number;
  /** Variables beyond those that follow from the services: the operator's limits, say. */
  vars?: Record<string, string | number>;
};

export type Answer = { status: number; headers: Headers; body: unknown; text: string };
export type Ask = {
  method?: string;
  token?: string | null;
  body?: unknown;
  /** A body that is sent as it is. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
};

globalThis.IdentityTransformStream = TransformStream;

/** Ends the whole run with what is thrown: a planted bug that no longer fits must not pass for one that was caught. */
function loudly<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
    throw error;
  }
}

/** A database whose requests have their statements rewritten. */
function planted(database: ReturnType<typeof createDatabase>, rewrite: Rewrite) {
  return {
    forRequest: (requestId: string, observe?: Observe) =>
      rewritten(database.forRequest(requestId, observe), (name, text) => loudly(() => rewrite(name, text))),
  };
}

/**
 * The Worker's own router, verbs and jobs in this process, with real services behind real sockets. Only the Durable
 * Object is a double, as workerd alone can run it.
 */
export function createProduct(options: ProductOptions) {
  const { apiKey, mutation = {}, clock = () => new Date(), evaluatorSeconds = 0.4 } = options;
  const config = Config.parse({
    DATABASE_URL: options.databaseUrl,
    JWKS_URL: 'http://issuer.invalid/jwks',
    ...upstreamVars(() => ({ url: 'http://unused.invalid', key: apiKey })),
    PROBLEM_BANK_URL: options.bankUrl,
    EVAL_SERVICE_URL: options.evaluatorUrl,
    TUTOR_URL: options.tutorUrl,
    EVAL_SERVICE_TIMEOUT: evaluatorSeconds,
    TUTOR_STREAM_TIMEOUT: 5,
    CODE_ENCRYPTION_KEYS: `k1:${btoa('k'.repeat(32))}`,
    CURSOR_SIGNING_KEY: 'c'.repeat(48),
    ...options.vars,
  });
  const work = new Set<Promise<unknown>>();
  const background = (promise: Promise<unknown>) => {
    const watched = promise.catch(() => undefined).finally(() => work.delete(watched));
    work.add(watched);
  };
  const log: string[] = [];
  const logger = (fields: Record<string, string | number | boolean | null | undefined>) =>
    createLogger(fields, (line) => {
      if (/"level":"(warn|error)"/.test(line)) log.push(line);
    });
  const real = createDatabase({
    url: options.databaseUrl,
    attemptMs: options.attemptMs ?? 8000,
    totalMs: options.totalMs ?? 10_000,
  });
  const database = mutation.sql === undefined ? real : planted(real, mutation.sql);
  const slots = slotDouble(() => clock().getTime());
  const connections = connect(config, { web: globalFetcher });
  const evaluator = createEvaluator({
    ...connections.evaluator,
    timeoutMs: evaluatorSeconds * 1000,
  });
  const objects = mutation.slots?.(slots.namespace) ?? slots.namespace;
  const services: Services = {
    config,
    connections,
    problemBank: createProblemBank({ ...connections.problemBank, background }),
    evaluator: mutation.evaluator?.(evaluator) ?? evaluator,
    tutor: createTutor(connections.tutor),
    slots: createSlotPool(objects, {
      limit: config.MAX_CONCURRENT_EVALUATIONS,
      ...(options.renewMs === undefined ? {} : { renewMs: options.renewMs }),
    }),
    quotas: createQuotas(objects),
    cipher: createCipher(config.CODE_ENCRYPTION_KEYS),
    cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
    pseudonym: createPseudonyms(config.CURSOR_SIGNING_KEY),
    archive: null,
  };
  const genuine = createTokenVerifier({
    issuer: ISSUER,
    keys: createJwks({
      url: config.JWKS_URL,
      fetch: async () => Response.json({ keys: [options.signer.publicJwk] }),
    }),
  });
  const verifier = mutation.verifier?.(genuine) ?? genuine;
  const readiness = { check: async () => ({ ready: true, checks: {}, warnings: [] }) };
  const limits = { writes: null, exports: null, past: null };
  const app = createApp({ services, verifier, database, readiness, limits, clock, logger });
  const executionCtx = { waitUntil: background, passThroughOnException: () => {}, props: {} };
  const router: Handler = async (request) => app.fetch(request, {}, executionCtx);
  const serve = mutation.fetch?.(router) ?? router;

  /** Sends a request through the router and reads its whole answer. */
  async function ask(path: string, { method, token, body, raw, headers = {} }: Ask = {}): Promise<Answer> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://worker.test${path}`, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: {
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...(typeof token === 'string' ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const response = await serve(request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  /** Runs the jobs of a cron expression. @returns the names of those that failed. */
  async function cron(expression: string, at = clock()): Promise<string[]> {
    const requestId = `cron-${randomUUID()}`;
    const context: Context = {
      ...services,
      db: database.forRequest(requestId),
      actor: { type: 'system', job: 'cron' },
      requestId,
      now: at.toISOString(),
      newId: () => randomUUID(),
      background,
      log: logger({ request_id: requestId }),
    };
    const reports = await runJobs(context, expression);
    return reports.filter(({ ok }) => !ok).map(({ job }) => job);
  }

  return {
    app,
    ask,
    cron,
    slots,
    log,
    /** Resolves when nothing that outlived its answer runs any more. */
    async settled() {
      while (work.size > 0) await Promise.all(work);
    },
  };
}

export type Product = ReturnType<typeof createProduct>;

/** What a lane needs of this module: with planted bugs it is a module of its own, which has a driver of its own. */
export type ProductModule = { createProduct: typeof createProduct; neonConfig: typeof neonConfig };
export { neonConfig };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
