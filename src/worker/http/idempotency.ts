import type { MiddlewareHandler, Next, Context as RequestContext } from 'hono';
import type { ProblemCode } from '#contract/problem-details.ts';
import type { Context } from '../context.ts';
import { StorageError } from '../db/client.ts';
import { AppError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { claim, complete, forget, type KeyHolder, type StoredResponse, unlock } from './idempotency-store.ts';
import { seededIds } from './seeded-ids.ts';
import type { AppEnv } from './types.ts';

export type KeyName = Pick<KeyHolder, 'learner_id' | 'key'>;
type Output = NonNullable<StoredResponse['output']>;

/** How the answers of routes that set `output` are stored, and made whole again for a repeat. */
export type AnswerStore = {
  toStore(ctx: Context, name: KeyName, output: Output, body: string): Promise<string>;
  /** @throws AppError `integrity-error` */
  toAnswer(ctx: Context, name: KeyName, output: Output, body: string): Promise<string>;
};

const KEY = /^[\x20-\x7e]{1,255}$/;

/** Longer than the slowest request: evaluator 30 s, problem bank, and 10 s for each statement. */
const LOCK_MS = 120_000;

/** Errors raised before anything was done: a corrected request may use the key again. */
const NOTHING_DONE: ReadonlySet<ProblemCode> = new Set([
  'validation',
  'invalid-query',
  'request-in-progress',
]);

const KEPT = /^(content-type|location|etag|retry-after|ratelimit.*)$/;

/** The same for requests that mean the same: the body by its value, not by its spelling. */
async function fingerprintOf(c: RequestContext<AppEnv>): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const json = c.get('json');
  const text = `${c.req.method}\n${pathname}${search}\n${json === undefined ? '' : canonicalJson(json)}`;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

function replay({ status, headers }: StoredResponse, body: string | null): Response {
  return new Response(body, { status, headers: { ...headers, 'Idempotency-Replayed': 'true' } });
}

/** Takes the answer's body out to store it and puts an equal answer in its place. */
async function capture(c: RequestContext<AppEnv>): Promise<Omit<StoredResponse, 'output'>> {
  const { status, headers } = c.res;
  const body = c.res.body === null ? null : await c.res.text();
  const copy = new Response(body, { status, headers });
  c.res = undefined;
  c.res = copy;
  return { status, body, headers: Object.fromEntries([...headers].filter(([name]) => KEPT.test(name))) };
}

/** What becomes of the key once the answer is there. */
async function conclude(c: RequestContext<AppEnv>, holder: KeyHolder, answers: AnswerStore): Promise<void> {
  const ctx = c.get('ctx');
  const { db, now } = ctx;
  const { status } = c.res;
  if (status >= 500) return unlock(db, holder, now);
  const refused = c.error instanceof AppError && NOTHING_DONE.has(c.error.code);
  // A stream is not stored: its key is free as soon as it has begun, and sending it again streams again.
  const streams = c.res.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (refused || streams || status === 429) return forget(db, holder);
  const answer = await capture(c);
  const output = c.error === undefined ? (c.get('output') ?? null) : null;
  const { body } = answer;
  const stored = output === null || body === null ? body : await answers.toStore(ctx, holder, output, body);
  return complete(db, holder, { ...answer, output, body: stored });
}

/**
 * POST with `Idempotency-Key` (1 to 255 printable ASCII characters; kept for 24 h): the same key and request gets the
 * same answer with `Idempotency-Replayed: true`, with a program's output stored as `answers` does. Bodies are compared by
 * value (RFC 8785). Every answer below 500 is kept, except 429 and refusals by schema. A
 * request that ended in 5xx or died can be sent again and makes the same ids, as `ctx.newId` follows the key's seed.
 * @throws AppError `invalid-idempotency-key`, `idempotency-key-reused`, `request-in-progress`.
 */
export function idempotent(answers: AnswerStore): MiddlewareHandler<AppEnv> {
  const once = async (c: RequestContext<AppEnv>, next: Next, key: string) => {
    if (!KEY.test(key)) {
      throw new AppError('invalid-idempotency-key', { detail: 'Use 1 to 255 printable ASCII characters.' });
    }
    const ctx = c.get('ctx');
    const lockedUntil = new Date(Date.parse(ctx.now) + LOCK_MS).toISOString();
    const holder = { learner_id: c.get('learnerId'), key, locked_until: lockedUntil };
    const found = await claim(ctx.db, {
      ...holder,
      fingerprint: await fingerprintOf(c),
      seed: crypto.randomUUID(),
      now: ctx.now,
    });
    if (found.state === 'stored') {
      const { output, body } = found.response;
      const whole =
        output === null || body === null ? body : await answers.toAnswer(ctx, holder, output, body);
      return replay(found.response, whole);
    }
    if (found.state === 'reused') throw new AppError('idempotency-key-reused');
    if (found.state === 'running') throw new AppError('request-in-progress', { retryAfter: 1 });

    c.set('ctx', { ...ctx, newId: seededIds(found.seed) });
    await next();
    try {
      await conclude(c, holder, answers);
    } catch (error) {
      // The work is done and its answer stands. The key stays locked for a while, then repeats with the same ids.
      if (!(error instanceof StorageError)) throw error;
      ctx.log.warn('idempotency-not-stored', { failure: error.message });
    }
    return undefined;
  };
  return (c, next) => {
    const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined;
    return key === undefined ? next() : once(c, next, key);
  };
}
