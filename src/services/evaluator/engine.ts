import type { EvaluationRequest, EvaluationResponse, EvaluatorHealth } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import { JAVASCRIPT, PYTHON } from './engines.ts';
import { ServiceFault } from './faults.ts';
import { blank, type Judgement, judge } from './judge.ts';
import { RUN_WALL_MS } from './limits.ts';
import type { Log } from './log.ts';
import { createPool, type Pool, type Spares } from './pool.ts';
import { cancelled, createSlots, type Turn } from './slots.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { findMeans, lacksOf, type Means, wallsOf } from './walls.ts';

export type EngineOptions = {
  /** Submissions that run at the same time. */
  slots: number;
  /** Booted children kept in stock per language. */
  spares: Spares;
  /** Runs that may wait without using the processor and without a slot. */
  parked: number;
  /** Submissions that may wait for a slot, of all learners and of one. */
  queueCap: number;
  queueCapOfOne: number;
  /** Whether children run in bubblewrap where it is found. */
  bubblewrap: boolean;
  /** Whether children weigh less than what runs next to them. */
  light: boolean;
  /** Folder of the Python image; null for the default one. */
  cacheFolder: string | null;
  log: Log;
};

const ENGINES: Record<Language, EvaluationResponse['engine']> = {
  python: { name: 'pyodide', version: PYTHON.version, language_version: PYTHON.language },
  javascript: { name: 'v8', version: JAVASCRIPT.version, language_version: 'ES2026' },
};
const VERSIONS = {
  node: process.versions.node,
  pyodide: PYTHON.version,
  python: PYTHON.language,
  v8: JAVASCRIPT.version,
};

/** Those who send no pseudonym; it has a sign that none may have. */
const ANONYMOUS = '?';

/** Wall milliseconds that programs may still run for one submission. */
type TimeLeft = { ms: number };

type Tried = { judgement: Judgement; attempts: number };

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
export function createEngine(options: EngineOptions) {
  const {
    slots: slotCount,
    parked,
    spares,
    queueCap,
    queueCapOfOne,
    cacheFolder,
    bubblewrap,
    light,
    log,
  } = options;
  const limits = { slots: slotCount, parked, waiting: queueCap, waitingOfOne: queueCapOfOne };
  const slots = createSlots(limits);
  let snapshot: Snapshot | null = null;
  let pool: Pool | null = null;
  let means: Means | null = null;
  let draining = false;

  /** One run in one child, which is dead when this ends because of a cancel. */
  async function runOnce(warm: Pool, request: EvaluationRequest, turn: Turn, left: TimeLeft) {
    const { signal, onBegin, onIdle } = turn;
    const sandbox = await warm.take(request.language, signal);
    onBegin();
    const kill = () => sandbox.kill();
    signal.addEventListener('abort', kill, { once: true });
    const began = performance.now();
    try {
      if (signal.aborted) throw cancelled();
      const park = () => {
        sandbox.weigh('parked');
        onIdle();
      };
      const judgement = await judge(sandbox, request, { wallEnd: began + left.ms, onIdle: park });
      if (signal.aborted) throw cancelled();
      if (warm.isClosing()) throw new ServiceFault('NOT_READY', 'The service is stopping', 2);
      return judgement;
    } finally {
      left.ms -= performance.now() - began;
      signal.removeEventListener('abort', kill);
      sandbox.kill();
      if (signal.aborted) await sandbox.closed;
    }
  }

  /** A fault of ours is tried once more with a fresh child, within the same time, before it becomes IE or NOT_READY. */
  async function runTwice(request: EvaluationRequest, turn: Turn): Promise<Tried> {
    const left: TimeLeft = { ms: RUN_WALL_MS };
    for (let attempts = 1; ; attempts++) {
      if (pool === null || pool.isClosing())
        throw new ServiceFault('NOT_READY', 'The service is stopping', 2);
      try {
        return { judgement: await runOnce(pool, request, turn, left), attempts };
      } catch (error) {
        if (turn.signal.aborted) throw cancelled();
        const { submission_id, language } = request;
        if (!pool.isClosing())
          log({ event: 'judge-failed', submission_id, language, reason: reasonOf(error) });
        if (attempts === 1 && left.ms > 0) continue;
        if (error instanceof ServiceFault) throw error;
        return { judgement: internalError(request), attempts };
      }
    }
  }

  async function runLogged(
    evaluationId: string,
    request: EvaluationRequest,
    asked: number,
    turn: Turn,
  ): Promise<EvaluationResponse> {
    const began = performance.now();
    const { judgement, attempts } = await runTwice(request, turn);
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
      means = await findMeans(snapshot, { bubblewrap, light });
      const { clock, ownUid, container } = means;
      const onFailedBoot = (language: Language) => log({ event: 'child-failed', language });
      pool = createPool({ clock, snapshot, ownUid, container, light, spares, onFailedBoot });
      if (!(await pool.filled())) throw new Error('evaluator: the engines do not start');
      log({ event: 'started', slots: slotCount, spares, lacks: lacksOf(means) });
    },
    isReady: () => pool !== null && !pool.isBroken() && !draining,
    /**
     * `signal` takes the submission out of the queue, or kills its child.
     * @throws ServiceFault QUEUE_FULL (at once), NOT_READY, or CANCELLED once nothing of it runs any more.
     */
    evaluate(
      evaluationId: string,
      request: EvaluationRequest,
      signal: AbortSignal,
    ): Promise<EvaluationResponse> {
      const asked = performance.now();
      const { submission_id, learner = ANONYMOUS } = request;
      try {
        const work = (turn: Turn) => runLogged(evaluationId, request, asked, turn);
        const running = slots.run(work, { learner, signal });
        signal.addEventListener('abort', () => log({ event: 'cancelled', submission_id }), { once: true });
        return running;
      } catch (error) {
        if (error instanceof ServiceFault) log({ event: 'refused', submission_id, code: error.code });
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
      const { running, parked, waiting } = slots.status();
      log({ event: 'stopping', running: running + parked, waiting });
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
