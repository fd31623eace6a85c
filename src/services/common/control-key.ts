import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';

/** The header that opens `/__local/*`. */
export const CONTROL_HEADER = 'x-local-key';

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Opens `/__local/*`, which mints tokens, switches faults and shows request bodies with hidden tests, to holders of the
 * key. `npm run dev` makes one for each checkout; without a key, as in tests, every program of this machine may.
 */
export function requireControlKey(key: string | undefined): MiddlewareHandler {
  const expected = key === undefined ? null : sha256(key);
  return async (c, next) => {
    if (expected === null || timingSafeEqual(sha256(c.req.header(CONTROL_HEADER) ?? ''), expected)) {
      return next();
    }
    const message = `Send the header ${CONTROL_HEADER} with the controlKey of .local/secrets.json.`;
    return c.json({ error: { code: 'FORBIDDEN', message } }, 403);
  };
}
