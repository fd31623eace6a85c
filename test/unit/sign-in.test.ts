import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { signIn } from '#worker/http/sign-in.ts';
import type { AppEnv } from '#worker/http/types.ts';

const PAGE = 'https://issuer.example/in?x=1';

async function follow(
  query: string,
  { page = PAGE, host = 'app.example' }: { page?: string; host?: string } = {},
) {
  const handler = signIn({ page: page || undefined, hosts: ['app.example'] });
  const app = new Hono<AppEnv>().get('/sign-in', handler);
  const response = await app.request(`https://${host}/sign-in${query}`);
  const location = response.headers.get('location') ?? '';
  return { status: response.status, location, target: new URL(location, `https://${host}/sign-in`) };
}

test.each([
  [null, 'https://app.example/'],
  ['/review?module=heaps&task=1', 'https://app.example/review?module=heaps&task=1'],
  ['/progress#token=x', 'https://app.example/progress'],
  ['//evil.example/', 'https://app.example/'],
  ['https://evil.example/', 'https://app.example/'],
  ['https://app.example@evil.example/', 'https://app.example/'],
  ['https://me:secret@app.example/x', 'https://app.example/x'],
  ['/\\evil.example', 'https://app.example/'],
  ['javascript:alert(1)', 'https://app.example/'],
  [`/${'a'.repeat(3000)}`, 'https://app.example/'],
])('coming from %j, the issuer sends back to %s', async (to, expected) => {
  const { status, target } = await follow(to === null ? '' : `?to=${encodeURIComponent(to)}`);
  expect(status).toBe(302);
  expect(target.origin).toBe('https://issuer.example');
  expect(target.searchParams.get('x')).toBe('1');
  expect(target.searchParams.get('return_to')).toBe(expected);
  expect(target.searchParams.has('state')).toBe(false);
});

test.each([
  ['Yk2cOQm1m0wT3mWq_v8-n1Zg', 'Yk2cOQm1m0wT3mWq_v8-n1Zg'],
  ['short', null],
  ['<script>alert(1)</script>', null],
  ['a'.repeat(129), null],
])('the state %j goes along as %j', async (state, expected) => {
  const { target } = await follow(`?to=/&state=${encodeURIComponent(state)}`);
  expect(target.searchParams.get('state')).toBe(expected);
});

test.each(['/review?a=b', '/.//evil.example/x', '//evil.example'])(
  'without an issuer %j stays on the origin, and the app learns of it',
  async (to) => {
    const { target } = await follow(`?to=${encodeURIComponent(to)}`, { page: '' });
    expect(target.origin).toBe('https://app.example');
    expect(target.searchParams.get('sign_in')).toBe('unavailable');
  },
);

test.each(['evil.example', 'app.example.evil.example', 'evil-app.example'])(
  'a request by the name %s is never sent to the issuer, nor is the name repeated',
  async (host) => {
    const { location, target } = await follow('?to=/review', { host });
    expect(location).toBe('/review?sign_in=unavailable');
    expect(target.searchParams.has('return_to')).toBe(false);
  },
);
