import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningService } from '#services/common/service.ts';
import { startIssuer } from '#services/issuer/index.ts';

const APP = 'http://127.0.0.1:8787/review?module=heaps';
let folder: string;
let issuer: RunningService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  issuer = await startIssuer({ keyFile: join(folder, 'keys.json') });
});

afterAll(async () => {
  await issuer.close();
  rmSync(folder, { recursive: true });
});

function page(returnTo: string) {
  return fetch(`${issuer.url}/sign-in?return_to=${encodeURIComponent(returnTo)}`);
}

function post(fields: Record<string, string>) {
  return fetch(`${issuer.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
}

test('the page offers learners, and lets its form lead back to the app alone', async () => {
  const response = await page(APP);
  expect(response.status).toBe(200);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("form-action 'self' http://127.0.0.1:8787;");
  expect(policy).toContain("default-src 'none'");
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  for (const name of ['demo', 'alice', 'bob']) expect(text).toContain(`value="${name}"`);
  expect(text).toContain('value="http://127.0.0.1:8787/review?module=heaps"');
});

test('the form goes back with a token for that learner', async () => {
  const response = await post({ learner: '  Zoë.7 ', return_to: APP });
  expect(response.status).toBe(303);
  const target = new URL(response.headers.get('location') ?? '');
  expect(`${target.origin}${target.pathname}${target.search}`).toBe(APP);
  expect(decodeJwt(target.hash.replace('#token=', ''))).toMatchObject({
    sub: 'Zoë.7',
    iss: 'api.scimigo.com',
  });
});

test.each([
  'https://evil.example/',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'http://127.0.0.1:8787@evil.example/',
  'http://evil.example#@127.0.0.1/',
  'http://evil@localhost/',
  'javascript:alert(1)//127.0.0.1',
  'data:text/html,127.0.0.1',
  '//evil.example/',
  '/review',
  '',
])('gives no token to %j', async (returnTo) => {
  const shown = await page(returnTo);
  expect(shown.status).toBe(400);
  expect(await shown.text()).not.toContain('<form');
  const response = await post({ learner: 'alice', return_to: returnTo });
  expect(response.status).toBe(400);
  expect(response.headers.get('location')).toBeNull();
});

test.each(['http://localhost:3000/', 'http://[::1]:8787/', 'https://127.0.0.1/x'])(
  'goes back to %s, which is this machine',
  async (returnTo) => {
    const response = await post({ learner: 'alice', return_to: returnTo });
    expect(response.headers.get('location')).toContain(`${returnTo}#token=`);
  },
);

test.each(['', ' ', '<b>', 'a b', '-a', 'a'.repeat(61), 'a\u0000'])(
  'refuses the name %j, and says so',
  async (learner) => {
    const response = await post({ learner, return_to: APP });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('role="alert"');
  },
);

test('an address cannot break out of the page', async () => {
  const text = await (await page('http://127.0.0.1/"><script>alert(1)</script>')).text();
  expect(text).not.toContain('<script');
});
