import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { signIn } from '#worker/http/sign-in.ts';
import type { AppEnv } from '#worker/http/types.ts';

async function follow(to: string | null) {
  const app = new Hono<AppEnv>().get('/sign-in', signIn('https://issuer.example/in?x=1'));
  const query = to === null ? '' : `?to=${encodeURIComponent(to)}`;
  const response = await app.request(`https://app.example/sign-in${query}`);
  return { status: response.status, target: new URL(response.headers.get('location') ?? '') };
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
  const { status, target } = await follow(to);
  expect(status).toBe(302);
  expect(target.origin).toBe('https://issuer.example');
  expect(target.searchParams.get('x')).toBe('1');
  expect(target.searchParams.get('return_to')).toBe(expected);
});

test.each(['/review?a=b', '/.//evil.example/x', '//evil.example'])(
  'without an issuer %j stays on the origin, and the app is told',
  async (to) => {
    const app = new Hono<AppEnv>().get('/sign-in', signIn(undefined));
    const response = await app.request(`https://app.example/sign-in?to=${encodeURIComponent(to)}`);
    const target = new URL(response.headers.get('location') ?? '', 'https://app.example/sign-in');
    expect(target.origin).toBe('https://app.example');
    expect(target.searchParams.get('sign_in')).toBe('unavailable');
  },
);
