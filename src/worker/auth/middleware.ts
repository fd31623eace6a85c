import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { AppEnv } from '../http/types.ts';
import type { LogFields, Logger } from '../log.ts';
import type { Refusal } from './refusals.ts';
import type { TokenVerifier } from './token.ts';

/** The scheme in any case and one or more spaces before the token (RFC 9110, section 11.4). */
const BEARER = /^bearer(?: +(.*))?$/i;

function missingToken(cause: Refusal): AppError {
  return new AppError('missing-token', {
    detail: 'Send "Authorization: Bearer <token>".',
    headers: { 'WWW-Authenticate': 'Bearer' },
    cause,
  });
}

/** @throws AppError `missing-token` */
function bearerToken(header: string | undefined): string {
  if (header === undefined || header === '') throw missingToken('no-token');
  const match = BEARER.exec(header);
  if (match === null) throw missingToken('other-scheme');
  return match[1] ?? '';
}

/**
 * Lets a request through with the learner's id in `learnerId` and the token's scopes in `scopes`, before anything of its
 * body is read. Each refusal is logged as `auth-refused` with its reason and nothing of the token. Two Authorization
 * headers arrive joined by a comma and are refused like any other malformed one.
 * @throws AppError `missing-token`, `invalid-token` (RFC 6750, section 3) or `auth-unavailable`.
 */
export function authenticate(
  verifier: TokenVerifier,
  logger: (fields: LogFields) => Logger,
): MiddlewareHandler<AppEnv> {
  async function verified(c: Context<AppEnv>) {
    try {
      const token = bearerToken(c.req.header('authorization'));
      return await verifier.verify(token, (work) => c.executionCtx.waitUntil(work));
    } catch (error) {
      if (error instanceof AppError && error.code !== 'auth-unavailable') {
        const reason = error.extras.cause;
        logger({ request_id: c.get('requestId') }).info('auth-refused', { reason: String(reason) });
      }
      throw error;
    }
  }
  return async (c, next) => {
    const { learnerId, scopes } = await verified(c);
    c.set('learnerId', learnerId);
    c.set('scopes', scopes);
    await next();
  };
}
