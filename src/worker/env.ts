import * as z from 'zod';
import { UPSTREAMS, type Upstream } from '#contract/services.ts';
import { Address, Hosts, Origins, PageAddress } from './addresses.ts';

const seconds = z.coerce.number().min(0.1).max(600);
const secret = z.string().min(8);
/** A limit of the operator; 0 turns it off. */
const cap = (usual: number) => z.coerce.number().int().min(0).max(1_000_000).default(usual);

/** `kid:base64` of 32 bytes, newest first, separated by commas: the first one encrypts, all of them decrypt. */
const KeyRing = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim().split(':')))
  .pipe(
    z
      .array(z.tuple([z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), z.base64()]))
      .min(1)
      .refine((keys) => new Set(keys.map(([kid]) => kid)).size === keys.length, 'key ids must differ')
      .refine((keys) => keys.every(([, key]) => atob(key).length === 32), 'each key must have 32 bytes'),
  );

type UpstreamVariables = Record<Upstream['address'], typeof Address> & Record<Upstream['key'], typeof secret>;

/** Address and key of each service that the Worker calls. */
function upstreamVariables(): UpstreamVariables {
  const variables = Object.values(UPSTREAMS).flatMap(({ address, key }) => [
    [address, Address],
    [key, secret],
  ]);
  return Object.fromEntries(variables) as UpstreamVariables;
}

/** The Worker's variables; `.dev.vars.example` explains each in a sentence. */
export const Config = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\/[^:]+:[^@]+@[^/]+\/.+/, 'must be a postgres:// URL'),
  NEON_FETCH_ENDPOINT: Address.optional(),
  JWT_ISSUER: z.string().min(1).default('api.scimigo.com'),
  JWT_AUDIENCE: z.string().min(1).optional(),
  /** Claim that holds a token's scopes: a text with spaces between them, or an array. */
  SCOPE_CLAIM: z.string().min(1).default('scope'),
  JWKS_URL: Address,
  /** The issuer's sign-in page; it takes `return_to` and goes back there with `#token=...`. */
  SIGN_IN_URL: PageAddress.optional(),
  ...upstreamVariables(),
  EVAL_SERVICE_TIMEOUT: seconds.default(30),
  TUTOR_STREAM_TIMEOUT: seconds.default(300),
  /** Not below 2: whether bytes came is looked at about every second. */
  TUTOR_IDLE_TIMEOUT: seconds.min(2).default(60),
  MAX_CONCURRENT_EVALUATIONS: z.coerce.number().int().min(1).max(20).default(2),
  CODE_ENCRYPTION_KEYS: KeyRing,
  CURSOR_SIGNING_KEY: z.string().min(32),
  /** What the bindings `WRITE_LIMIT`, `EXPORT_LIMIT` and `PAST_LIMIT` allow a learner in 60 s; 0 does not ask. */
  WRITES_PER_MINUTE: cap(120),
  EXPORTS_PER_MINUTE: cap(6),
  PAST_READS_PER_MINUTE: cap(30),
  /** Quotas of a learner's day, which the learner's Durable Object counts; 0 turns one off. */
  SUBMISSIONS_PER_DAY: cap(300),
  SUBMISSIONS_PER_TASK_AND_DAY: cap(40),
  RUNS_PER_DAY: cap(600),
  HINTS_PER_DAY: cap(60),
  TASKS_PER_DAY: cap(1000),
  /** Hint streams that a learner may have open at once; 0 allows any number. */
  OPEN_HINTS: cap(2),
  EVENT_ARCHIVE_MONTHS: z.coerce.number().int().min(1).max(120).default(12),
  CORS_ORIGINS: Origins,
  /** Names by which learners reach this Worker. Without any it accepts every name, and cannot send learners to sign in. */
  ALLOWED_HOSTS: Hosts,
  /** Crons run only when their name begins with it; for machines where any page can ask for a cron. */
  CRON_KEY: secret.optional(),
});
export type Config = z.infer<typeof Config>;

/** Result of reading the environment: the configuration, or the names of the variables that are missing or wrong. */
export type ParsedEnv =
  | { ok: true; config: Config }
  | { ok: false; problems: { name: string; message: string }[] };

/** An empty variable counts as unset, as `.dev.vars` and dashboards make no difference. */
export function parseEnv(env: Record<string, unknown>): ParsedEnv {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Config.safeParse(set);
  if (parsed.success) return { ok: true, config: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({ name: String(issue.path[0]), message: issue.message })),
  };
}
