import type { EvaluationRequest, EvaluationResponse, EvaluatorHealth } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import { JAVASCRIPT, PYTHON } from './engines.ts';
import { ServiceFault } from './faults.ts';
import { blank, type Judgement, judge } from './judge.ts';
import type { Log } from './log.ts';
import { createPool, type Pool, type Spares } from './pool.ts';
import { createSlots } from './slots.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { findMeans, lacksOf, type Means, wallsOf } from './walls.ts';

export type EngineOptions = {
  /** Submissions that run at the same time. */
  slots: number;
  /** Booted children kept in stock per language. */
  spares: Spares;
  /** Submissions that may wait for a slot. */
  queueCap: number;
  /** Folder of the Python image; null for the default one. */
  cacheFolder: string | null;
  log: Log;
};

const ENGINES: Record<Language, EvaluationResponse['engine']> = {
  python: { name: 'pyodide', version: PYTHON.version, language_version: PYTHON.language },
  javascript: { name: 'quickjs-emscripten', version: JAVASCRIPT.version, language_version: 'ES2023' },
};
const VERSIONS = {
  node: process.versions.node,
  pyodide: PYTHON.version,
  python: PYTHON.language,
  quickjs: JAVASCRIPT.version,
};

function internalError(request: EvaluationRequest): Judgement {
  return {
    verdict: 'IE',
    passed: 0,
    total: request.tests.length,
    runtime_ms: 0,
    memory_mb: 0,
    first_failed: null,
    error: {
      type: 'InternalError',
      message: 'The judge failed; this says nothing about the program',
      line: null,
    },
    tests: request.tests.map((test) => blank(test, 'SK')),
  };
}

/** Names an error for the log; its message stays out, since it may quote what a program said. */
function reasonOf(error: unknown): string {
  if (error instanceof ServiceFault) return error.code;
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}

/** The judge behind the HTTP interface: image, warm children, slots. `open` first, `close` at the end. */
export function createEngine({ slots: slotCount, spares, queueCap, cacheFolder, log }: EngineOptions) {
  const slots = createSlots(slotCount, queueCap);
  let snapshot: Snapshot | null = null;
  let pool: Pool | null = null;
  let means: Means | null = null;
  let draining = false;

  async function runOnce(warm: Pool, request: EvaluationRequest): Promise<Judgement> {
    const sandbox = await warm.take(request.language);
    try {
      const judgement = await judge(sandbox, request);
      if (warm.isClosing()) throw new ServiceFault('NOT_READY', 'The service is stopping', 2);
      return judgement;
    } finally {
      sandbox.kill();
    }
  }

  /** A fault of ours is tried once more with a fresh child before it becomes IE or NOT_READY. */
  async function runTwice(request: EvaluationRequest): Promise<{ judgement: Judgement; attempts: number }> {
    for (let attempts = 1; ; attempts++) {
      if (pool === null || pool.isClosing())
        throw new ServiceFault('NOT_READY', 'The service is stopping', 2);
      try {
        return { judgement: await runOnce(pool, request), attempts };
      } catch (error) {
        const { submission_id, language } = request;
        if (!pool.isClosing())
          log({ event: 'judge-failed', submission_id, language, reason: reasonOf(error) });
        if (attempts === 1) continue;
        if (error instanceof ServiceFault) throw error;
        return { judgement: internalError(request), attempts };
      }
    }
  }

  async function runLogged(
    evaluationId: string,
    request: EvaluationRequest,
    asked: number,
  ): Promise<EvaluationResponse> {
    const began = performance.now();
    const { judgement, attempts } = await runTwice(request);
    const { verdict, passed, total, runtime_ms, memory_mb } = judgement;
    const names = { evaluation_id: evaluationId, submission_id: request.submission_id };
    log({
      event: 'evaluated',
      ...names,
      language: request.language,
      code_bytes: Buffer.byteLength(request.code),
      ...{ verdict, passed, total, runtime_ms, memory_mb, attempts },
      wait_ms: Math.round(began - asked),
      wall_ms: Math.round(performance.now() - began),
    });
    return { ...names, ...judgement, engine: ENGINES[request.language] };
  }

  return {
    /** @throws Error when the image cannot be built or an engine does not start. */
    async open(): Promise<void> {
      snapshot = cacheFolder === null ? await openSnapshot() : await openSnapshot(cacheFolder);
      means = await findMeans(snapshot);
      const { clock, ownUid } = means;
      const onFailedBoot = (language: Language) => log({ event: 'child-failed', language });
      pool = createPool({ clock, snapshot, ownUid, spares, onFailedBoot });
      if (!(await pool.filled())) throw new Error('evaluator: the engines do not start');
      log({ event: 'started', slots: slotCount, spares, lacks: lacksOf(means) });
    },
    isReady: () => pool !== null && !pool.isBroken() && !draining,
    /** @throws ServiceFault QUEUE_FULL (at once) or NOT_READY. */
    evaluate(evaluationId: string, request: EvaluationRequest): Promise<EvaluationResponse> {
      const asked = performance.now();
      try {
        return slots.run(() => runLogged(evaluationId, request, asked));
      } catch (error) {
        if (error instanceof ServiceFault)
          log({ event: 'refused', submission_id: request.submission_id, code: error.code });
        throw error;
      }
    },
    health: (): EvaluatorHealth => ({
      ok: pool !== null && !pool.isBroken() && !draining,
      pool: pool?.status() ?? null,
      queue: slots.status(),
      versions: { ...VERSIONS, image: snapshot?.name ?? null },
      clock: means?.clock ?? null,
      walls: means === null ? [] : wallsOf(means),
      lacks: means === null ? [] : lacksOf(means),
    }),
    /** Refuses what is new or waits, lets what runs end within `graceMs`, then leaves no child behind. */
    async close(graceMs: number): Promise<void> {
      draining = true;
      const { running, waiting } = slots.status();
      log({ event: 'stopping', running, waiting });
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([slots.close(), grace]);
      clearTimeout(timer);
      await pool?.close();
      await snapshot?.close();
      log({ event: 'stopped' });
    },
  };
}
export type Engine = ReturnType<typeof createEngine>;
