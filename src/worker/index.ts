import { env, waitUntil } from 'cloudflare:workers';
import { mapUpstreams } from '#contract/services.ts';
import { type Fetcher, globalFetcher } from './clients/http.ts';
import { compose } from './compose.ts';
import { cronExpression } from './cron-key.ts';
import { type Config, parseEnv } from './env.ts';
import { type ArchiveBucket, type R2Like, r2Archive } from './events/archive/bucket.ts';
import type { RateLimit } from './http/rate-limit.ts';
import { createLogger, type LogFields } from './log.ts';
import { createUnconfigured } from './unconfigured.ts';

export { LearnerSlots } from './durable/learner-object.ts';

// biome-ignore lint/suspicious/noConsole: a Worker's log is what it writes to the console
const logger = (fields: LogFields) => createLogger(fields, (line) => console.log(line));

/** The service binding of that name; undefined where there is none. */
function serviceBinding(name: string): Fetcher | undefined {
  const binding: unknown = Reflect.get(env, name);
  return typeof binding === 'object' && binding !== null && 'fetch' in binding
    ? (binding as Fetcher)
    : undefined;
}

/** A rate limiting binding with the quota that it was configured with; null where there is none or the quota is 0. */
function rateLimit(
  binding: 'WRITE_LIMIT' | 'EXPORT_LIMIT' | 'PAST_LIMIT',
  name: string,
  quota: number,
): RateLimit | null {
  const limiter: unknown = Reflect.get(env, binding);
  return quota > 0 && typeof limiter === 'object' && limiter !== null && 'limit' in limiter
    ? { name, quota, limiter: limiter as RateLimit['limiter'] }
    : null;
}

/** The bucket of archived events; null where none is bound. */
function archiveBucket(): ArchiveBucket | null {
  const bucket: unknown = Reflect.get(env, 'EVENT_ARCHIVE');
  return typeof bucket === 'object' && bucket !== null && 'put' in bucket
    ? r2Archive(bucket as R2Like)
    : null;
}

/** Everything that the Worker knows of where it runs; only this file reads the environment. */
function start(config: Config) {
  return compose(config, {
    clock: () => new Date(),
    fetchers: { web: globalFetcher, ...mapUpstreams(({ binding }) => serviceBinding(binding)) },
    slots: env.LEARNER_SLOTS,
    archive: archiveBucket(),
    limits: {
      writes: rateLimit('WRITE_LIMIT', 'writes', config.WRITES_PER_MINUTE),
      exports: rateLimit('EXPORT_LIMIT', 'exports', config.EXPORTS_PER_MINUTE),
      past: rateLimit('PAST_LIMIT', 'past-reads', config.PAST_READS_PER_MINUTE),
    },
    waitUntil,
    logger,
  });
}

const parsed = parseEnv({ ...env });
const composed = parsed.ok ? start(parsed.config) : null;
const app = composed?.app ?? createUnconfigured(parsed.ok ? [] : parsed.problems);

export default {
  fetch: app.fetch,
  async scheduled({ cron, scheduledTime }, _env, ctx) {
    const expression = parsed.ok ? cronExpression(cron, parsed.config.CRON_KEY) : null;
    if (expression === null) return;
    await composed?.runCron(expression, new Date(scheduledTime), (work) => ctx.waitUntil(work));
  },
} satisfies ExportedHandler<Cloudflare.Env>;
