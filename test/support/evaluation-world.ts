import { randomUUID } from 'node:crypto';
import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import type { ProblemBundle, ProblemSummary } from '#contract/problem-bank.ts';
import { upstreamVars } from '#contract/services.ts';
import type { EvaluateOptions } from '#worker/clients/evaluator.ts';
import { globalFetcher, UpstreamError } from '#worker/clients/http.ts';
import { connect } from '#worker/clients/upstreams.ts';
import type { Context } from '#worker/context.ts';
import { createCipher } from '#worker/crypto/cipher.ts';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { createPseudonyms } from '#worker/crypto/pseudonym.ts';
import type { Database } from '#worker/db/client.ts';
import { createQuotas } from '#worker/durable/quotas.ts';
import { createSlotPool } from '#worker/durable/slots.ts';
import { Config } from '#worker/env.ts';
import { slotDouble } from '../prove/kit/slot-double.ts';
import { NOW } from './evaluation-bench.ts';

const config = Config.parse({
  DATABASE_URL: 'postgres://a:b@c/d',
  JWKS_URL: 'http://localhost/jwks',
  ...upstreamVars((id) => ({ url: 'http://localhost', key: `${id}-key` })),
  CODE_ENCRYPTION_KEYS: `k1:${btoa('k'.repeat(32))}`,
  CURSOR_SIGNING_KEY: 'x'.repeat(32),
  // A test may send a hundred submissions of one task.
  SUBMISSIONS_PER_TASK_AND_DAY: 0,
});

/** A problem with a visible and a hidden test. */
export const bundle: ProblemBundle = {
  problem_id: 'two-sum',
  content_hash: 'c'.repeat(64),
  tests_hash: 't'.repeat(64),
  entry_point: 'two_sum',
  comparison: 'exact',
  signature: null,
  languages: ['python', 'javascript'],
  hints: [],
  tests: [
    { number: 1, hidden: false, args: [1], expected: 1 },
    { number: 2, hidden: true, args: ['SECRET'], expected: 'SECRET' },
  ],
};

/** The answer of an evaluator that accepts everything it is asked. */
export function accepted(request: EvaluationRequest): EvaluationResponse {
  return {
    evaluation_id: 'e',
    submission_id: request.submission_id,
    verdict: 'AC',
    passed: request.tests.length,
    total: request.tests.length,
    runtime_ms: 5,
    memory_mb: 8,
    first_failed: null,
    error: null,
    tests: request.tests.map(({ number, hidden, args, expected }) =>
      hidden
        ? { number, hidden, verdict: 'AC' }
        : {
            number,
            hidden,
            verdict: 'AC',
            args,
            expected,
            actual: expected,
            stdout: 'NUL \0 and \ud800',
            stdout_truncated: false,
            error: null,
            runtime_ms: 1,
          },
    ),
    engine: { name: 'judge', version: '1', language_version: '3' },
  };
}

export type World = {
  evaluate?: (request: EvaluationRequest, options: EvaluateOptions) => Promise<EvaluationResponse>;
  cancel?: (key: string) => Promise<boolean>;
  bundle?: () => Promise<ProblemBundle | null>;
  list?: () => Promise<ProblemSummary[]>;
  db?: Database;
  now?: string;
};

/** An evaluator that does not answer. */
export const down = () => Promise.reject(new UpstreamError('evaluator', 'timeout'));

/**
 * Contexts over a database whose services are functions; the Durable Object is a double.
 * @param times of leases, in milliseconds.
 */
export function evaluationWorld(db: Database, times: { leaseMs?: number; renewMs?: number } = {}) {
  const slots = slotDouble(Date.now);
  const pool = createSlotPool(slots.namespace, { limit: 2, ...times });
  const quotas = createQuotas(slots.namespace);
  const seen = { logged: [] as string[], judgings: [] as string[], cancelled: [] as string[] };

  function world(parts: World = {}): Context {
    const unused = () => Promise.reject(new Error('not part of these tests'));
    const line = (event: string) => seen.logged.push(event);
    return {
      config,
      connections: connect(config, { web: globalFetcher }),
      db: parts.db ?? db,
      problemBank: {
        get: unused,
        moduleSizes: unused,
        getMany: unused,
        bundle: parts.bundle ?? (async () => bundle),
        list: parts.list ?? (async () => []),
      },
      evaluator: {
        async evaluate(request, options) {
          seen.judgings.push(options.key);
          return parts.evaluate === undefined ? accepted(request) : parts.evaluate(request, options);
        },
        async cancel({ key }) {
          seen.cancelled.push(key);
          return parts.cancel === undefined ? true : parts.cancel(key);
        },
      },
      tutor: { open: unused },
      slots: pool,
      quotas,
      archive: null,
      cipher: createCipher(config.CODE_ENCRYPTION_KEYS),
      cursors: createCursorCodec(config.CURSOR_SIGNING_KEY),
      pseudonym: createPseudonyms(config.CURSOR_SIGNING_KEY),
      actor: { type: 'learner' },
      requestId: 'verbs',
      now: parts.now ?? NOW,
      newId: () => randomUUID(),
      background: () => undefined,
      log: { info: line, warn: line, error: line },
    };
  }

  return {
    world,
    pool,
    slots,
    /** What was logged, judged and cancelled since the last call. */
    seen,
    forget() {
      for (const list of Object.values(seen)) list.length = 0;
    },
  };
}

/** A submission's body. */
export const body = { language: 'python' as const, code: 'def two_sum(n): return n' };
