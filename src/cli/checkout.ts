import { fileURLToPath } from 'node:url';

/** Where local runs keep their data, keys and logs: `LOCAL_HOME` of the environment, or `.local` of the checkout. */
export const HOME = process.env.LOCAL_HOME || fileURLToPath(new URL('../../.local', import.meta.url));

const DEFAULT_PORT = 8787;

/** The Worker's port, and after it those of the services. */
export function portsFrom(base: number) {
  return {
    worker: base,
    neon: base + 1,
    issuer: base + 2,
    bank: base + 3,
    evaluator: base + 4,
    tutor: base + 5,
    postgres: base + 6,
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
