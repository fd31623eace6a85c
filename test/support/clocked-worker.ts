import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { inject } from 'vitest';
import { type Fetcher, globalFetcher } from '#worker/clients/http.ts';
import { compose } from '#worker/compose.ts';
import { parseEnv } from '#worker/env.ts';
import { createLogger } from '#worker/log.ts';
import { slotDouble } from '../prove/kit/slot-double.ts';

// workerd's native pipe; here it is Node's own.
globalThis.IdentityTransformStream = TransformStream;

type Options = {
  /** The clock's first reading. */
  at?: Date;
  /** Variables in the place of the stack's own; undefined takes one away. */
  vars?: Record<string, string | undefined>;
  /** How the bank is asked. */
  problemBank?: Fetcher;
};

/**
 * The Worker's own composition behind a port of this process, with the services of the API tests. Its clock is the
 * test's: requests and crons are dated by it, tokens alone by the real one.
 */
export async function startClockedWorker({
  at = new Date(),
  vars = {},
  problemBank = globalFetcher,
}: Options = {}) {
  let now = at;
  const running = new Set<Promise<unknown>>();
  const waitUntil = (work: Promise<unknown>) => {
    const ended = work.catch(() => undefined).finally(() => running.delete(ended));
    running.add(ended);
  };
  const lines: string[] = [];
  const parsed = parseEnv({ ...inject('stack').vars, ...vars });
  if (!parsed.ok) throw new Error(`variables: ${JSON.stringify(parsed.problems)}`);
  const { app, runCron } = compose(parsed.config, {
    clock: () => now,
    fetchers: { web: globalFetcher, problemBank },
    archive: null,
    slots: slotDouble(() => now.getTime()).namespace,
    limits: { writes: null, exports: null, past: null },
    waitUntil,
    logger: (fields) => createLogger(fields, (line) => lines.push(line)),
  });
  const execution = { waitUntil, passThroughOnException: () => undefined, props: {} };
  const fetch = (request: Request) => app.fetch(request, {}, execution);
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Everything that it has logged. */
    lines,
    travelTo(later: Date) {
      now = later;
    },
    /** Runs the cron of every minute, or another one, at the clock's time. @throws Error when a job fails. */
    async cron(expression = '* * * * *') {
      const reports = await runCron(expression, now, waitUntil);
      const failed = reports.filter(({ ok }) => !ok);
      if (failed.length > 0) throw new Error(`cron: ${JSON.stringify(failed)}`);
    },
    async close() {
      await Promise.all(running);
      server.close();
    },
  };
}
