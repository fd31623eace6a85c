import { expect, test } from 'vitest';
import { readToken, takeToken } from '#web/session/token.ts';

function jwt(payload: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
}

test('reads learner and end of a token, in any script', () => {
  expect(readToken(jwt({ sub: 'Zoë 学生', exp: 1_800_000_000 }))).toEqual({
    learner: 'Zoë 学生',
    expiresAt: 1_800_000_000_000,
  });
});

test.each(
  [
    ['', 'a', 'a.b', 'a.b.c', '<img>.b.c', 'e30.e30.c2ln'].map((text) => [text]),
    [jwt(null), jwt('x'), jwt({ sub: 1, exp: 1 }), jwt({ sub: 'a', exp: '1' })].map((text) => [text]),
  ].flat(),
)('takes %j for no token', (text) => {
  expect(readToken(text)).toBeNull();
});

test.each([
  ['', null, null, ''],
  ['#', null, null, ''],
  ['#main', null, null, '#main'],
  ['#token=a.b.c', 'a.b.c', null, ''],
  ['#section&token=a.b.c', 'a.b.c', null, '#section'],
  ['#token=a.b.c&section', 'a.b.c', null, '#section'],
  ['#token=a.b.c&state=xyz', 'a.b.c', 'xyz', ''],
  ['#state=xyz&section&token=a.b.c', 'a.b.c', 'xyz', '#section'],
  ['#state=xyz', null, null, '#state=xyz'],
  ['#mytoken=a.b.c', null, null, '#mytoken=a.b.c'],
])('splits the fragment %j', (fragment, token, state, rest) => {
  expect(takeToken(fragment)).toEqual({ token, state, rest });
});
