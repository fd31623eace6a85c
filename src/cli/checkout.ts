import { fileURLToPath } from 'node:url';
import { mapUpstreams, SERVICES, type ServiceId } from '#contract/services.ts';

/** Where local runs keep their data, keys and logs: `LOCAL_HOME` of the environment, or `.local` of the checkout. */
export const HOME = process.env.LOCAL_HOME || fileURLToPath(new URL('../../.local', import.meta.url));

const DEFAULT_PORT = 8787;

/** PostgreSQL itself, behind the service `database`. */
const POSTGRES_OFFSET = 6;

/** Ports of a stack, by service. */
export type Ports = Record<ServiceId | 'worker' | 'postgres', number>;

/** The Worker's port is `base`, each other one follows from its number in the contract's table of services. */
export function portsFrom(base: number): Ports {
  const { database, issuer } = SERVICES;
  return {
    worker: base,
    database: base + database.port,
    issuer: base + issuer.port,
    ...mapUpstreams(({ port }) => base + port),
    postgres: base + POSTGRES_OFFSET,
  };
}

/** `PORT` of the environment (1024-65000), or 8787. @throws Error when it is no port. */
export function basePort(): number {
  const text = process.env.PORT ?? String(DEFAULT_PORT);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) {
    throw new Error(`PORT must be a number from 1024 to 65000, not ${text}`);
  }
  return port;
}
