import { Hono } from 'hono';
import * as z from 'zod';
import {
  type RunningService,
  type ServiceApp,
  type ServiceOptions,
  startService,
} from '../common/service.ts';
import { type KeyRing, openKeys, publicJwk, rotateKeys, TokenAlgorithm } from './keys.ts';
import { mintToken, type TokenOptions } from './mint.ts';
import { signInRoutes } from './sign-in.ts';

const MintRequest = z.strictObject({
  sub: z.string(),
  alg: TokenAlgorithm.optional(),
  expires_in_seconds: z.int().optional(),
  audience: z.union([z.string(), z.array(z.string())]).optional(),
  claims: z.record(z.string(), z.json()).optional(),
});

export type IssuerOptions = ServiceOptions & {
  keyFile: string;
  /** `iss` of the tokens, by default `api.scimigo.com`. */
  issuer?: string | undefined;
  /** `aud` of tokens that ask for no other. */
  audience?: string | undefined;
};

function jwks(keys: KeyRing) {
  return { keys: keys.map(publicJwk) };
}

/**
 * Starts the stand-in of api.scimigo.com: `GET /.well-known/jwks.json`, the page `/sign-in`, and for local use `POST /__local/token`
 * (`{sub, alg?, expires_in_seconds?, audience?, claims?}` -> `{token}`) and `POST /__local/rotate[?drop=true]`.
 * The key file is read for each request, so that programs that share it never disagree with this one.
 * @throws Error when the key file holds something else or the port is taken
 */
export async function startIssuer({
  keyFile,
  issuer,
  audience,
  ...options
}: IssuerOptions): Promise<RunningService> {
  await openKeys(keyFile);
  const mint = (token: TokenOptions) =>
    mintToken(keyFile, { ...token, issuer, audience: token.audience ?? audience });
  let rotation: Promise<unknown> = Promise.resolve();

  const app: ServiceApp = new Hono();
  app.get('/.well-known/jwks.json', async (c) =>
    c.json(jwks(await openKeys(keyFile)), 200, { 'cache-control': 'public, max-age=300' }),
  );
  app.post('/__local/token', async (c) => {
    const parsed = MintRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json({ error: z.prettifyError(parsed.error) }, 422);
    return c.json({ token: await mint(parsed.data) });
  });
  app.post('/__local/rotate', async (c) => {
    const turn = rotation.then(() => rotateKeys(keyFile, { drop: c.req.query('drop') === 'true' }));
    // One after the other: two that read the same file would lose the keys of one of them. A failure is this
    // request's answer and must not stop the next one.
    rotation = turn.catch(() => undefined);
    return c.json(jwks(await turn));
  });
  app.route(
    '/sign-in',
    signInRoutes((sub) => mint({ sub })),
  );
  return startService('issuer', app, { ...options, pages: ['/sign-in'] });
}
