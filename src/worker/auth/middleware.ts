import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { AppEnv } from '../http/types.ts';
import type { TokenVerifier } from './token.ts';

/**
 * Lets a request through with the learner's id in `learnerId`, before anything of its body is read.
 * Two Authorization headers arrive joined by a comma and are refused like any other malformed one.
 * @throws AppError `missing-token`, `invalid-token` (RFC 6750, section 3) or `auth-unavailable`.
 */
export function authenticate(verifier: TokenVerifier): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const [scheme = '', ...rest] = (c.req.header('authorization') ?? '').split(' ');
    if (scheme.toLowerCase() !== 'bearer') {
      throw new AppError('missing-token', {
        detail: 'Send "Authorization: Bearer <token>".',
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    const { learnerId } = await verifier.verify(rest.join(' '), (work) => c.executionCtx.waitUntil(work));
    c.set('learnerId', learnerId);
    await next();
  };
}
