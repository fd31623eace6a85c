import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './types.ts';

/**
 * Lets the configured origins read answers, matched as a whole and never `*`; others get no CORS permission. Answers
 * preflights itself, so it stands before `authenticate`.
 * @param origins such as `https://app.example`; none means that no browser of another origin may read anything.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<AppEnv> {
  const shared = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'X-Request-Id',
    ],
    exposeHeaders: [
      'Content-Disposition',
      'ETag',
      'Idempotency-Replayed',
      'Link',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'Server-Timing',
      'X-Request-Id',
    ],
    maxAge: 7200,
  });
  return async (c, next) => {
    // Without that header it is no browser on another origin that asks, and nobody reads what CORS would add.
    if (c.req.header('origin') !== undefined || c.req.method === 'OPTIONS') return shared(c, next);
    await next();
    c.res.headers.append('vary', 'Origin');
    return undefined;
  };
}

/** Headers for answers that are data and never a page; a route that answers a page sets its own policy. */
export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xContentTypeOptions: 'nosniff',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: 'max-age=31536000; includeSubDomains',
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    overwrite: false,
  });
}

/** Answers belong to one learner: no cache keeps them unless the route says so (RFC 9111, section 5.2). */
export function privateByDefault(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
    headers.append('vary', 'Authorization');
  };
}
