import type { Handler } from 'hono';
import type { AppEnv } from './types.ts';

/** Longest address within the app that is kept over signing in. */
const LONGEST = 2000;
/** What the app makes to recognize its own sign-in; anything else is left out. */
const STATE = /^[\w-]{16,128}$/;

export type SignInOptions = {
  /** The issuer's page; without one the app is told that nobody can sign in here. */
  page: string | undefined;
  /** Names of hosts that the issuer may send a token back to. */
  hosts: readonly string[];
};

/** The page to come back to, on this origin whatever was asked for. */
function returnAddress(requestUrl: string, wanted: string): URL {
  const here = new URL(requestUrl).origin;
  const wellFormed = wanted.length <= LONGEST && URL.canParse(wanted, here);
  const target = wellFormed ? new URL(wanted, here) : new URL(here);
  return target.origin === here ? target : new URL(here);
}

/**
 * `GET /sign-in?to=<path>&state=<text>`: sends the browser to the issuer's sign-in page with `return_to`, the address of
 * that path here, and `state`, which the page returns with the token. Another origin in `to` is left out, and a request by
 * a host name that is not ours gets no `return_to`, so that no token goes elsewhere.
 */
export function signIn({ page, hosts }: SignInOptions): Handler<AppEnv> {
  return (c) => {
    const target = returnAddress(c.req.url, c.req.query('to') ?? '/');
    target.username = '';
    target.password = '';
    target.hash = '';
    if (page === undefined || !hosts.includes(target.hostname)) {
      target.searchParams.set('sign_in', 'unavailable');
      // Without a host, which may be anybody's; a pathname that begins with two slashes would name one.
      return c.redirect(`${target.pathname.replace(/^\/+/, '/')}${target.search}`);
    }
    const issuer = new URL(page);
    issuer.searchParams.set('return_to', target.href);
    const state = c.req.query('state') ?? '';
    if (STATE.test(state)) issuer.searchParams.set('state', state);
    return c.redirect(issuer.href);
  };
}
