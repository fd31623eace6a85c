import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import { Language } from '#contract/vocabulary.ts';
import { JAVASCRIPT, PYTHON } from './engines.ts';
import { ServiceFault } from './faults.ts';
import { blank, type Judgement, judge } from './judge.ts';
import { createPool, freshUid, type Pool, type Spares } from './pool.ts';
import { availableClock } from './process-stats.ts';
import { type Sandbox, startSandbox } from './sandbox-process.ts';
import { createSlots } from './slots.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

export type EngineOptions = {
  /** Submissions that run at the same time. */
  slots: number;
  /** Booted children kept in stock per language. */
  spares: Spares;
  /** Submissions that may wait for a slot. */
  queueCap: number;
  /** Folder of the Python snapshot; null for the default one. */
  cacheFolder: string | null;
};

const ENGINES: Record<Language, EvaluationResponse['engine']> = {
  python: { name: 'pyodide', version: PYTHON.version, language_version: PYTHON.language },
  javascript: { name: 'quickjs-emscripten', version: JAVASCRIPT.version, language_version: 'ES2023' },
};

/** Whether children come up under another user id: this process is root, and that user can read what they need. */
async function canChangeUid(snapshot: Snapshot): Promise<boolean> {
  if (process.geteuid?.() !== 0) return false;
  const clock = availableClock();
  const uid = freshUid();
  const probes: Sandbox[] = [];
  try {
    for (const language of Language.options) {
      probes.push(startSandbox(language, { clock, snapshot, uid, background: false }));
    }
    return (await Promise.all(probes.map(({ ready }) => ready))).every((up) => up);
  } catch {
    return false; // a container that maps no other user: its children run as the service does, and /health says so
  } finally {
    for (const probe of probes) probe.kill();
    await Promise.all(probes.map(({ closed }) => closed));
  }
}

function walls(ownUid: boolean): string[] {
  return [
    'webassembly engine without host functions',
    'node permission model: reads two folders, no write, no network, no process, no worker',
    'no code generation from strings',
    'memory cap in the engine, resident-size backstop',
    'empty environment, no stdout, own process group, single use',
    process.platform === 'win32' ? 'no resource limits (windows)' : 'ulimit: cpu seconds, files, no writes',
    ownUid ? 'own user id per child' : 'same user id as the service',
  ];
}

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

/** The judge behind the HTTP interface: snapshot, warm children, slots. `open` first, `close` at the end. */
export function createEngine({ slots: slotCount, spares, queueCap, cacheFolder }: EngineOptions) {
  const clock = availableClock();
  const slots = createSlots(slotCount, queueCap);
  let snapshot: Snapshot | null = null;
  let pool: Pool | null = null;
  let ownUid = false;

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
  async function runTwice(request: EvaluationRequest): Promise<Judgement> {
    for (let attempt = 1; ; attempt++) {
      if (pool === null || pool.isClosing())
        throw new ServiceFault('NOT_READY', 'The service is stopping', 2);
      try {
        return await runOnce(pool, request);
      } catch (error) {
        if (attempt === 1) continue;
        if (error instanceof ServiceFault) throw error;
        return internalError(request);
      }
    }
  }

  return {
    /** @throws Error when the snapshot cannot be built or an engine does not start. */
    async open(): Promise<void> {
      snapshot = cacheFolder === null ? await openSnapshot() : await openSnapshot(cacheFolder);
      ownUid = await canChangeUid(snapshot);
      pool = createPool({ clock, snapshot, ownUid, spares });
      if (!(await pool.filled())) throw new Error('evaluator: the engines do not start');
    },
    isReady: () => pool !== null && !pool.isBroken(),
    /** @throws ServiceFault QUEUE_FULL (at once) or NOT_READY. */
    evaluate(evaluationId: string, request: EvaluationRequest): Promise<EvaluationResponse> {
      return slots
        .run(() => runTwice(request))
        .then((judgement) => ({
          evaluation_id: evaluationId,
          submission_id: request.submission_id,
          ...judgement,
          engine: ENGINES[request.language],
        }));
    },
    health: () => ({
      ok: pool !== null && !pool.isBroken(),
      pool: pool?.status() ?? null,
      queue: slots.status(),
      versions: { node: process.versions.node, pyodide: PYTHON.version, quickjs: JAVASCRIPT.version },
      clock,
      walls: walls(ownUid),
    }),
    async close(): Promise<void> {
      await pool?.close();
      await snapshot?.close();
    },
  };
}
export type Engine = ReturnType<typeof createEngine>;
