import { expect, test } from 'vitest';
import { UPSTREAMS, upstreamVars } from '#contract/services.ts';
import { cronExpression } from '#worker/cron-key.ts';
import { parseEnv } from '#worker/env.ts';

/** What is wrong with one variable; the others are not there. */
function problemOf(name: string, value: string): string | null {
  const parsed = parseEnv({ [name]: value });
  if (parsed.ok) throw new Error('nothing is missing');
  return parsed.problems.find((problem) => problem.name === name)?.message ?? null;
}

const COMPLETE = {
  DATABASE_URL: 'postgres://worker:secret@db.example/main',
  JWKS_URL: 'https://issuer.example/jwks.json',
  ...upstreamVars((id) => ({ url: `https://${id}.example`, key: `${id}-key` })),
  CODE_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  CURSOR_SIGNING_KEY: 'x'.repeat(32),
};

function configOf(more: Record<string, string>) {
  const parsed = parseEnv({ ...COMPLETE, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

test.each([
  ['https://app.example/', 'write https://app.example'],
  ['https://app.example/page', 'write https://app.example'],
  ['https://App.example', 'write https://app.example'],
  ['https://app.example:443', 'write https://app.example'],
  ['https://me@app.example', 'write https://app.example'],
  ['https://ok.example,http://localhost:3000/', 'write http://localhost:3000'],
  ['*', 'such as https://app.example'],
  ['null', 'such as https://app.example'],
  ['app.example', 'such as https://app.example'],
  ['file:///index.html', 'such as https://app.example'],
])('CORS_ORIGINS=%s is refused, as it would never match', (value, advice) => {
  expect(problemOf('CORS_ORIGINS', value)).toContain(advice);
});

test('origins are taken as browsers write them, also those of apps with a scheme of their own', () => {
  const origins = [
    'https://app.example',
    'http://localhost:3000',
    'http://[::1]:5173',
    'capacitor://localhost',
  ];
  expect(configOf({ CORS_ORIGINS: ` ${origins.join(' , ')}, ` }).CORS_ORIGINS).toEqual(origins);
  expect(configOf({}).CORS_ORIGINS).toEqual([]);
});

test.each(['http://app.example', 'app.example:8787', 'App.example', 'app.example/', '*'])(
  'ALLOWED_HOSTS=%s is refused',
  (value) => {
    expect(problemOf('ALLOWED_HOSTS', value)).toContain('is not the name of a host');
  },
);

test('names of hosts, also as addresses, are taken', () => {
  const hosts = ['app.example', 'localhost', '127.0.0.1', '[::1]'];
  expect(configOf({ ALLOWED_HOSTS: hosts.join(',') }).ALLOWED_HOSTS).toEqual(hosts);
});

const ADDRESSES = [
  ...Object.values(UPSTREAMS).map(({ address }) => address),
  'JWKS_URL',
  'NEON_FETCH_ENDPOINT',
] as const;

test.each(ADDRESSES)('a slash at the end of %s changes nothing, a query is refused', (name) => {
  expect(configOf({ [name]: 'https://x.example/base//' })[name]).toBe('https://x.example/base');
  expect(configOf({ [name]: 'https://x.example/' })[name]).toBe('https://x.example');
  expect(problemOf(name, 'https://x.example/a?b=c')).toContain('no query');
  expect(problemOf(name, 'https://x.example/#a')).toContain('no fragment');
  expect(problemOf(name, 'ftp://x.example/')).not.toBeNull();
});

test('the sign-in page may have a query and end in a slash, but has no fragment', () => {
  const page = 'https://login.example/?client=1';
  expect(configOf({ SIGN_IN_URL: page }).SIGN_IN_URL).toBe(page);
  expect(problemOf('SIGN_IN_URL', 'https://login.example/#x')).toContain('no fragment');
});

test('with a key a cron runs only by a name that begins with it', () => {
  expect(cronExpression('* * * * *', undefined)).toBe('* * * * *');
  expect(cronExpression('key-1234 17 * * * *', 'key-1234')).toBe('17 * * * *');
  for (const name of ['* * * * *', '', 'key-1234', 'key-12345 * * * * *', ' key-1234 * * * * *'])
    expect(cronExpression(name, 'key-1234')).toBeNull();
});
