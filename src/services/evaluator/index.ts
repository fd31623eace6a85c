import { type RunningService, type ServiceOptions, startService } from '../common/service.ts';
import { createEngine } from './engine.ts';
import { createEvaluations } from './evaluations.ts';
import type { Log } from './log.ts';
import type { Spares } from './pool.ts';
import { createRoutes, type EvaluatorRoutes } from './routes.ts';
import { sizeFor, thisMachine } from './sizing.ts';

/** Below this version the permission model of Node leaves the network open. */
const OLDEST_NODE = 26;
/** Milliseconds that a run may still take when the service is told to stop. */
const GRACE_MS = 3000;

export type EvaluatorOptions = {
  /** What callers send as `Authorization: Bearer`. */
  apiKey: string;
  /** Submissions that run at the same time, default one a core. */
  slots?: number;
  /** Booted children kept in stock, default by cores and memory (165 MiB for Python, 65 for JavaScript, each). */
  spares?: Spares;
  /** Submissions that may wait for a slot before callers get 429, default 50; of one learner, default 10. */
  queueCap?: number;
  queueCapOfOne?: number;
  /** Whether children run in bubblewrap where it is found, default true. */
  bubblewrap?: boolean;
  /** Whether children weigh less than what runs next to them, default true; false where they are all that counts. */
  light?: boolean;
  /** Where the Python image is kept, default `.local/cache/evaluator`. */
  cacheFolder?: string;
  /** Milliseconds that running submissions get to end when the service stops, default 3000. */
  graceMs?: number;
  /** Takes what the service tells of itself, default no one. */
  log?: Log;
};

/** The evaluation service without a socket: mount `routes`, then `open`; `close` ends runs and children. */
export type Evaluator = { routes: EvaluatorRoutes['app']; open(): Promise<void>; close(): Promise<void> };

/** @throws Error under a Node older than 26. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { apiKey, queueCap = 50, queueCapOfOne = 10 } = options;
  const { bubblewrap = true, light = true } = options;
  const { cacheFolder = null, graceMs = GRACE_MS, log = () => {} } = options;
  const sizing = sizeFor(thisMachine());
  const { slots = sizing.slots, spares = sizing.spares } = options;
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    throw new Error(`evaluator: needs Node ${OLDEST_NODE} or newer for its sandbox, this is ${version}`);
  }
  const { parked } = sizing;
  const limits = { slots, parked, spares, queueCap, queueCapOfOne };
  const engine = createEngine({ ...limits, bubblewrap, light, cacheFolder, log });
  const { app, flushed } = createRoutes(apiKey, engine, createEvaluations(engine), log);
  return {
    routes: app,
    open: engine.open,
    async close() {
      await engine.close(graceMs);
      await flushed();
    },
  };
}

/**
 * Starts the evaluation service for development and tests. Resolves when the first children are warm; the first start of
 * all builds the Python image, which takes some seconds. `close` leaves no child behind.
 * @throws Error under a Node older than 26, when the port is taken, or when an engine does not start.
 */
export async function startEvaluator({
  port = 0,
  controlKey,
  ...options
}: EvaluatorOptions & ServiceOptions): Promise<RunningService> {
  const evaluator = createEvaluator(options);
  const service = await startService('evaluator', evaluator.routes, { port, controlKey });
  async function close(): Promise<void> {
    await evaluator.close();
    await service.close();
  }
  try {
    await evaluator.open();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...service, close };
}
