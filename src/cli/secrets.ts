import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { UPSTREAMS, type UpstreamId } from '#contract/services.ts';

type ServiceKey = `${UpstreamId}Key`;

/** Members with the keys that the Worker sends to the services: `tutorKey` and so on. */
function forServices<T>(make: () => T): Record<ServiceKey, T> {
  const entries = Object.keys(UPSTREAMS).map((id) => [`${id}Key`, make()]);
  return Object.fromEntries(entries) as Record<ServiceKey, T>;
}

const Secrets = z.object({
  ...forServices(() => z.string()),
  codeKey: z.string(),
  cursorKey: z.string(),
  /** Of PostgreSQL's superuser, of the role that owns the tables, and of the Worker's. */
  adminPassword: z.string(),
  ownerPassword: z.string(),
  workerPassword: z.string(),
  /** Opens `/__local/*` of every service. */
  controlKey: z.string(),
  /** The Worker's CRON_KEY. */
  cronKey: z.string(),
});
export type Secrets = z.infer<typeof Secrets>;

/** A file of an earlier version lacks some. */
const Stored = Secrets.partial();

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function readFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function parse(file: string, text: string): z.infer<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} is not a file of secrets; what it encrypted is lost when you delete it`, {
      cause,
    });
  }
}

function generate(): Secrets {
  const key = () => randomBytes(24).toString('base64url');
  return {
    ...forServices(key),
    codeKey: `k1:${randomBytes(32).toString('base64')}`,
    cursorKey: randomBytes(48).toString('base64url'),
    adminPassword: key(),
    ownerPassword: key(),
    workerPassword: key(),
    controlKey: key(),
    cronKey: key(),
  };
}

/**
 * Keys and passwords of this checkout from `secrets.json` in `home`: random, each made once, readable by its owner alone.
 * Of programs that find none at the same moment one makes the file, and all of them get the same.
 * @throws Error naming the file when it holds something else.
 */
export function readSecrets(home: string): Secrets {
  const file = path.join(home, 'secrets.json');
  const text = readFile(file);
  const known = text === null ? {} : parse(file, text);
  const complete = Secrets.safeParse(known);
  if (complete.success) {
    chmodSync(file, 0o600);
    return complete.data;
  }
  mkdirSync(home, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  const secrets = Secrets.parse({ ...generate(), ...known });
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  if (text !== null) {
    renameSync(draft, file);
    return secrets;
  }
  try {
    linkSync(draft, file);
    return secrets;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return readSecrets(home); // another program was faster
  } finally {
    rmSync(draft);
  }
}
