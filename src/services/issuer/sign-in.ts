import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { signInPage } from './sign-in-page.ts';

type IssuerContext = Context<{ Bindings: HttpBindings }>;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** What a learner may be called here: 1 to 60 characters that need no care anywhere. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u;

/** What the app sent along to recognize its own sign-in. It goes back as it came, or not at all. */
const STATE = /^[\w-]{1,128}$/;

function stateOf(text: unknown): string | null {
  return typeof text === 'string' && STATE.test(text) ? text : null;
}

/**
 * The address to go back to with a token. Only this machine: a token in the address of a stranger's site would be the
 * stranger's.
 */
function returnTarget(text: string | undefined): URL | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isOurs = /^https?:$/.test(url.protocol) && LOOPBACK.has(url.hostname) && url.username === '';
  return isOurs ? url : null;
}

type Page = { target: URL | null; state: string | null; error?: string };

async function show(c: IssuerContext, status: 200 | 400 | 422, page: Page) {
  const nonce = randomBytes(16).toString('base64');
  // A form's policy also covers where its answer redirects to.
  const formAction = page.target === null ? "'none'" : `'self' ${page.target.origin}`;
  c.header(
    'content-security-policy',
    `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header('cache-control', 'no-store');
  // Not `no-referrer`: with that the form's own origin would be null.
  c.header('referrer-policy', 'same-origin');
  c.header('x-content-type-options', 'nosniff');
  return c.html(await signInPage({ nonce, ...page }), status);
}

/**
 * The page on which learners say who they are: `GET /?return_to=<address>&state=<text>`, and the form's `POST`
 * (`learner`, `return_to`, `state`), which answers 303 to that address with `#token=<JWT>&state=<text>`. There are no
 * passwords on this machine.
 */
export function signInRoutes(mint: (sub: string) => Promise<string>): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/', (c) => {
    const target = returnTarget(c.req.query('return_to'));
    return show(c, target === null ? 400 : 200, { target, state: stateOf(c.req.query('state')) });
  });
  app.post('/', async (c) => {
    const { learner, return_to: returnTo, state: sent } = await c.req.parseBody();
    const target = returnTarget(typeof returnTo === 'string' ? returnTo : undefined);
    const state = stateOf(sent);
    if (target === null) return show(c, 400, { target, state });
    const name = typeof learner === 'string' ? learner.trim() : '';
    if (!NAME.test(name)) {
      const error = 'A name has 1 to 60 letters, digits, dots, dashes or @.';
      return show(c, 422, { target, state, error });
    }
    target.hash = [`token=${await mint(name)}`, state === null ? '' : `state=${state}`]
      .filter(Boolean)
      .join('&');
    c.header('cache-control', 'no-store');
    c.header('referrer-policy', 'no-referrer');
    return c.redirect(target.href, 303);
  });
  return app;
}
