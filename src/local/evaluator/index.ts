import { type RunningService, startService } from '../kit/service.ts';
import { createEngine } from './engine.ts';
import { createEvaluations } from './evaluations.ts';
import type { Spares } from './pool.ts';
import { createRoutes } from './routes.ts';

/** Below this version the permission model of Node leaves the network open. */
const OLDEST_NODE = 26;

export type EvaluatorOptions = {
  /** What callers send as `Authorization: Bearer`. */
  apiKey: string;
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Submissions that run at the same time, default 2. */
  slots?: number;
  /** Booted children kept in stock, default 2 for Python and 1 for JavaScript (195 and 65 MiB each). */
  spares?: Spares;
  /** Submissions that may wait for a slot before callers get 429, default 50. */
  queueCap?: number;
  /** Where the Python snapshot is kept, default `.local/cache/evaluator`. */
  cacheFolder?: string;
};

/**
 * Starts the evaluation service. Resolves when the first children are warm; the first start of all builds the Python
 * snapshot, which takes some seconds. `close` leaves no child behind.
 * @throws Error under a Node older than 26, when the port is taken, or when an engine does not start.
 */
export async function startEvaluator(options: EvaluatorOptions): Promise<RunningService> {
  const { apiKey, port = 0, slots = 2, queueCap = 50, cacheFolder = null } = options;
  const { spares = { python: 2, javascript: 1 } } = options;
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    throw new Error(`evaluator: needs Node ${OLDEST_NODE} or newer for its sandbox, this is ${version}`);
  }
  const engine = createEngine({ slots, spares, queueCap, cacheFolder });
  const routes = createRoutes(apiKey, engine, createEvaluations(engine));
  const service = await startService('evaluator', routes, { port });
  async function close(): Promise<void> {
    await engine.close();
    await service.close();
  }
  try {
    await engine.open();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...service, close };
}
