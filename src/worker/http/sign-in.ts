import type { Handler } from 'hono';
import type { AppEnv } from './types.ts';

/** Longest address within the app that is kept over signing in. */
const LONGEST = 2000;

/** The page to come back to, on this origin whatever was asked for. */
function returnAddress(requestUrl: string, wanted: string): URL {
  const here = new URL(requestUrl).origin;
  const wellFormed = wanted.length <= LONGEST && URL.canParse(wanted, here);
  const target = wellFormed ? new URL(wanted, here) : new URL(here);
  return target.origin === here ? target : new URL(here);
}

/**
 * `GET /sign-in?to=<path>`: sends the browser to the issuer's sign-in page with `return_to`, the address of that path
 * here. Another origin in `to` is left out, so nobody can be led elsewhere; without an issuer's page the app says so.
 */
export function signIn(issuerPage: string | undefined): Handler<AppEnv> {
  return (c) => {
    const target = returnAddress(c.req.url, c.req.query('to') ?? '/');
    target.username = '';
    target.password = '';
    target.hash = '';
    if (issuerPage === undefined) {
      target.searchParams.set('sign_in', 'unavailable');
      // Whole, because a pathname may begin with two slashes, and would then name a host.
      return c.redirect(target.href);
    }
    const page = new URL(issuerPage);
    page.searchParams.set('return_to', target.href);
    return c.redirect(page.href);
  };
}
