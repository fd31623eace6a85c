import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { unstable_readConfig, unstable_startWorker } from 'wrangler';
import * as z from 'zod';
import { onEnd } from '#services/common/ending.ts';

const Limits = z.array(
  z.object({
    name: z.string(),
    namespace_id: z.string(),
    simple: z.object({ limit: z.number(), period: z.literal([10, 60]) }),
  }),
);
const Settings = z.object({ port: z.int(), envFile: z.string(), persist: z.string() });

/**
 * Runs the Worker of `wrangler.toml` in workerd, as a program of its own: its argument is JSON (Settings). Unlike
 * `wrangler dev` it opens no debugger, which lets pages of any origin in.
 */
const { port, envFile, persist } = Settings.parse(JSON.parse(process.argv[2] ?? ''));
// The explorer of local data answers pages of other local origins.
process.env.X_LOCAL_EXPLORER = 'false';
process.env.X_LOCAL_OBSERVABILITY = 'false';

const config = fileURLToPath(new URL('../../wrangler.toml', import.meta.url));

/** The runtime counts and the Worker says how many there may be: both take their figures from the variables. */
const QUOTA_OF: Readonly<Record<string, string>> = {
  WRITE_LIMIT: 'WRITES_PER_MINUTE',
  EXPORT_LIMIT: 'EXPORTS_PER_MINUTE',
  PAST_LIMIT: 'PAST_READS_PER_MINUTE',
};

function limits() {
  const vars = parseEnv(readFileSync(envFile, 'utf8'));
  const configured = Limits.parse(unstable_readConfig({ config }).ratelimits);
  return configured.flatMap(({ name, namespace_id, simple }) => {
    const limit = Number(vars[QUOTA_OF[name] ?? '']);
    const binding = { type: 'ratelimit' as const, namespace_id, simple: { ...simple, limit } };
    return limit > 0 ? [[name, binding] as const] : [];
  });
}

const worker = await unstable_startWorker({
  config,
  envFiles: [envFile],
  bindings: Object.fromEntries(limits()),
  dev: { server: { hostname: '127.0.0.1', port }, inspector: false, persist, watch: true, remote: false },
});
onEnd(() => {
  worker.dispose().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
