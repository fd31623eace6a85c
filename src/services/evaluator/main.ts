import { serve } from '@hono/node-server';
import * as z from 'zod';
import { onEnd } from '../common/ending.ts';
import { createEvaluator } from './index.ts';
import { createLog } from './log.ts';

/** Milliseconds that running submissions get after SIGTERM: the longest run a learner waits for. */
const GRACE_MS = 25_000;

const count = z.coerce.number().int().min(1).max(64).optional();
const Environment = z.object({
  EVAL_SERVICE_API_KEY: z.string().min(16),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Instead of what cores and memory suggest. */
  EVALUATOR_SLOTS: count,
  EVALUATOR_CACHE: z.string().optional(),
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The evaluation service as a program of its own, for a container or a virtual machine: no fault switches, JSON logs. */
const parsed = Environment.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const { EVAL_SERVICE_API_KEY, HOST, PORT, EVALUATOR_SLOTS, EVALUATOR_CACHE } = parsed.data;
// Children get an empty environment; nothing else needs the key there either.
delete process.env.EVAL_SERVICE_API_KEY;
const log = createLog(say);
const evaluator = createEvaluator({
  apiKey: EVAL_SERVICE_API_KEY,
  graceMs: GRACE_MS,
  log,
  ...(EVALUATOR_SLOTS === undefined ? {} : { slots: EVALUATOR_SLOTS }),
  ...(EVALUATOR_CACHE === undefined ? {} : { cacheFolder: EVALUATOR_CACHE }),
});
const server = serve({ fetch: evaluator.routes.fetch, hostname: HOST, port: PORT }, ({ port }) =>
  log({ event: 'listening', host: HOST, port }),
);

onEnd(() => {
  void evaluator.close().finally(() => {
    server.close();
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
});
await evaluator.open();
