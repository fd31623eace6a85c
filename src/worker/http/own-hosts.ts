import type { MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { AppEnv } from './types.ts';

/** Whether a page of this origin may send requests: of a host of ours, or one that is allowed. */
function isWelcome(origin: string, host: string, origins: readonly string[]): boolean {
  return origins.includes(origin) || origin === `https://${host}` || origin === `http://${host}`;
}

/** A page of another site that loads this as an image, a script or a form; navigations come without an origin, too. */
function isEmbedded(site: string | undefined, mode: string | undefined): boolean {
  return (site === 'cross-site' || site === 'same-site') && mode !== 'navigate';
}

/**
 * Refuses requests to names of hosts that are not ours, and those of pages whose origin is neither ours nor allowed. A
 * stranger can give any name this address, and send any request from a learner's browser. Without `hosts` all pass:
 * Cloudflare sends a Worker only what its routes name.
 * @throws AppError `foreign-request`.
 */
export function ownHosts(hosts: readonly string[], origins: readonly string[]): MiddlewareHandler<AppEnv> {
  const refuse: MiddlewareHandler<AppEnv> = (c, next) => {
    const { hostname, host } = new URL(c.req.url);
    if (!hosts.includes(hostname)) {
      throw new AppError('foreign-request', { detail: 'This service does not answer by this name.' });
    }
    const origin = c.req.header('origin');
    const embedded = isEmbedded(c.req.header('sec-fetch-site'), c.req.header('sec-fetch-mode'));
    if (origin === undefined ? embedded : !isWelcome(origin, host, origins)) {
      throw new AppError('foreign-request', { detail: 'Pages of this origin may not use this service.' });
    }
    return next();
  };
  return (c, next) => (hosts.length === 0 ? next() : refuse(c, next));
}
