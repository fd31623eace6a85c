import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { OWNER_ROLE } from '#services/neon/owner-role.ts';
import { basePort, HOME, portsFrom } from './checkout.ts';
import { readSecrets } from './secrets.ts';

/** The variables of the Worker that `npm run dev` has started last in this checkout; null before the first start. */
export function lastWorkerVars(): NodeJS.Dict<string> | null {
  const file = path.join(HOME, 'worker.vars');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : null;
}

/** Ports of this checkout's stack: from PORT of the environment on, else where it was started last. */
export function stackPorts() {
  const endpoint = process.env.PORT ? undefined : lastWorkerVars()?.NEON_FETCH_ENDPOINT;
  const offset = portsFrom(0).database;
  return portsFrom(endpoint ? Number(new URL(endpoint).port) - offset : basePort());
}

/** The built-in database of this checkout's stack, as the role that owns the tables. */
export function ownerUrl(): string {
  const { ownerPassword } = readSecrets(HOME);
  return `postgresql://${OWNER_ROLE}:${ownerPassword}@127.0.0.1:${stackPorts().postgres}/main`;
}
