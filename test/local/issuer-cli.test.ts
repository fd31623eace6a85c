import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { openKeys, publicJwk } from '#services/issuer/keys.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function token(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/token.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('prints a token for the learner and nothing else, whether or not the stack runs', async () => {
  const { status, stdout, stderr } = token('alice', '--alg', 'RS256', '--expires', '60');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const keys = (await openKeys(`${root}.local/issuer-keys.json`)).map(publicJwk);
  const { payload, protectedHeader } = await jwtVerify(stdout.trim(), createLocalJWKSet({ keys }), {
    issuer: 'api.scimigo.com',
  });
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload.sub).toBe('alice');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
});

test.each([
  [[]],
  [['alice', 'bob']],
  [['alice', '--alg', 'HS256']],
  [['alice', '--expires', 'soon']],
  [['--what']],
])('explains itself when called with %j', (args) => {
  const { status, stdout, stderr } = token(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('usage: npm run --silent token -- <learner>');
});
