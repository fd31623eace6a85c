import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import * as z from 'zod';
import { EvaluationRequest, type EvaluationResponse } from '#contract/evaluator.ts';
import { type RunningService, type ServiceApp, startService } from '#services/common/service.ts';

/** Says of a submission that the judge fails over it. */
export const JUDGE_FAULT = -1;
/** Code that does not compile. */
export const NO_COMPILE = -2;

/**
 * What a submission's code says to this evaluator: whose it is, how many tests it passes from the first on (or that the
 * judge fails, or that it does not compile), and how long judging takes in milliseconds.
 */
export const Script = z.object({ who: z.string(), pass: z.int().min(NO_COMPILE), hold: z.int().min(0) });
export type Script = z.infer<typeof Script>;

export type ScriptedEvaluator = RunningService & {
  /** Most judgings of one learner that ever ran at the same instant. */
  most(): number;
  /** Judgings that were begun. */
  judgings(): number;
  reset(): void;
  /** Ends every hold now. */
  release(): void;
};

/** Code that is no script passes everything at once. */
function scriptOf(code: string): Script {
  try {
    return Script.parse(JSON.parse(code));
  } catch {
    return { who: 'nobody', pass: Number.MAX_SAFE_INTEGER, hold: 0 };
  }
}

/** The code that carries a script. */
export function codeOf(script: Script): string {
  return JSON.stringify(script);
}

function answerTo(request: EvaluationRequest, pass: number): EvaluationResponse {
  if (pass === JUDGE_FAULT) return { ...answerTo(request, 0), verdict: 'IE' };
  const compiles = pass !== NO_COMPILE;
  const passed = compiles ? Math.min(pass, request.tests.length) : 0;
  const failed = compiles ? request.tests[passed] : undefined;
  return {
    evaluation_id: `e-${request.submission_id}`,
    submission_id: request.submission_id,
    verdict: !compiles ? 'CE' : failed === undefined ? 'AC' : 'WA',
    passed,
    total: request.tests.length,
    runtime_ms: 5,
    memory_mb: 8,
    first_failed: failed?.number ?? null,
    error: null,
    tests: (compiles ? request.tests : []).map(({ number, hidden, args, expected }, index) => {
      const verdict = index < passed ? 'AC' : 'WA';
      return hidden
        ? { number, hidden, verdict }
        : {
            ...{ number, hidden, verdict, args, expected, actual: index < passed ? expected : null },
            ...{ stdout: '', stdout_truncated: false, error: null, runtime_ms: 1 },
          };
    }),
    engine: { name: 'scripted', version: '1', language_version: '1' },
  };
}

/**
 * An evaluation service in the real one's wire shape whose verdicts are written in the code, so that thousands of
 * histories need no sandbox. It counts for itself how many judgings of one learner run at once.
 */
export async function startScriptedEvaluator(apiKey: string): Promise<ScriptedEvaluator> {
  const running = new Map<string, number>();
  /** What is held, by idempotency key. */
  const held = new Map<string, AbortController>();
  let [most, judgings] = [0, 0];
  const app: ServiceApp = new Hono();
  app.post('/v1/evaluations', async (c) => {
    if (c.req.header('authorization') !== `Bearer ${apiKey}`) return c.json({ error: {} }, 401);
    const request = EvaluationRequest.parse(await c.req.json());
    const { who, pass, hold } = scriptOf(request.code);
    const now = (running.get(who) ?? 0) + 1;
    running.set(who, now);
    judgings += 1;
    most = Math.max(most, now);
    const ended = new AbortController();
    const key = c.req.header('idempotency-key') ?? '';
    held.set(key, ended);
    try {
      if (hold > 0) await sleep(hold, undefined, { signal: ended.signal }).catch(() => undefined);
      return c.json(answerTo(request, pass));
    } finally {
      if (held.get(key) === ended) held.delete(key);
      running.set(who, (running.get(who) ?? 1) - 1);
    }
  });
  app.delete('/v1/evaluations', (c) => {
    if (c.req.header('authorization') !== `Bearer ${apiKey}`) return c.json({ error: {} }, 401);
    const found = held.get(c.req.query('key') ?? '');
    found?.abort();
    return c.json({ cancelled: found !== undefined });
  });
  app.get('/health', (c) => c.json({ ok: true }));
  const service = await startService('scripted-evaluator', app);
  return {
    ...service,
    most: () => most,
    judgings: () => judgings,
    release() {
      for (const ended of held.values()) ended.abort();
    },
    reset() {
      [most, judgings] = [0, 0];
    },
  };
}
